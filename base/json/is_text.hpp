// Comparing JSON with a text.
#pragma once

#include <string>
#include <string_view>

#include "base/json/values.hpp"

namespace locus::detail {

/// Whether a value is this text. nlohmann's `==` makes a value of the text first, where an
/// exception for want of memory would end the process.
inline bool is_text(const nlohmann::json& value, std::string_view text) {
  return value.is_string() && value.get_ref<const std::string&>() == text;
}

}  // namespace locus::detail
