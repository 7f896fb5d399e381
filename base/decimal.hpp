// Numbers in texts, whatever locale the host has set.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace locus {

/// A number and how many bytes of a text it takes.
struct LeadingDecimal {
  double value = 0;
  size_t bytes = 0;  ///< 0: the text does not begin with a finite number
};
/// The longest finite number that a text begins with, rounded to the nearest double: `1`, `.5`,
/// `-2e-3`; no `+` before it, no white space.
LeadingDecimal leading_decimal(std::string_view text);

/// The number that all of a text is.
std::optional<double> decimal_of(std::string_view text);

}  // namespace locus
