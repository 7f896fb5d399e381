#include "engine/positions/mechanisms/settings.hpp"

#include <cmath>

namespace locus::positions {

int64_t Settings::integer(std::string_view name, IntegerRange range) const {
  return range.check(who_, std::string(name), values_.integer(who_, name));
}

double Settings::positive(std::string_view name) const {
  const double value = number(name);
  if (!(value > 0)) fail(std::string(name) + " above 0", to_string(Attribute(value)));
  return value;
}

double Settings::factor(std::string_view name, int64_t width) const {
  const std::string value = text(name);
  if (value == "sqrt") return std::sqrt(static_cast<double>(width));
  if (value == "rsqrt") return 1 / std::sqrt(static_cast<double>(width));
  const Attribute parsed = parse_attribute(value);
  if (const auto* whole = std::get_if<int64_t>(&parsed)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&parsed)) return *number;
  fail(std::string(name) + " to be a number, sqrt or rsqrt", "'" + value + "'");
}

}  // namespace locus::positions
