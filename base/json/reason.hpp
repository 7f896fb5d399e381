// What nlohmann's exceptions say.
#pragma once

#include <string>

#include "base/json/values.hpp"

namespace locus::detail {

/// "[json.exception.parse_error.101] parse error at line 1, ..." without the library's number.
inline std::string reason_of(const nlohmann::json::exception& error) {
  const std::string text = error.what();
  const auto bracket = text.find("] ");
  return bracket == std::string::npos ? text : text.substr(bracket + 2);
}

}  // namespace locus::detail
