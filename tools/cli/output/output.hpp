// Results, as JSON or as text.
#pragma once

#include <optional>

#include "base/json/values.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {

using Json = nlohmann::ordered_json;

/// JSON has no number for what is not finite, nor for what is absent: both are null.
Json finite_or_null(double value);
template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// One JSON document and a newline to stdout.
void print_json(const Json& document);

}  // namespace locus::cli
