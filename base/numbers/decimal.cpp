#include "base/decimal.hpp"

#include <cmath>

#include "base/numbers/parse_decimal.hpp"

namespace locus {

LeadingDecimal leading_decimal(std::string_view text) {
  LeadingDecimal found;
  const char* const end = parse_decimal(text.data(), text.data() + text.size(), found.value);
  if (end == nullptr || !std::isfinite(found.value)) return {};
  found.bytes = static_cast<size_t>(end - text.data());
  return found;
}

std::optional<double> decimal_of(std::string_view text) {
  const auto [value, bytes] = leading_decimal(text);
  return bytes > 0 && bytes == text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace locus
