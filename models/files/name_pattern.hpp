// Which names of weights a pattern stands for.
#pragma once

#include <string_view>

namespace locus::files {

/// Whether a family's pattern matches a whole name of a file. A pattern has letters, `\.`, `\d+`,
/// `.*`, groups `(a|b)`, and `?` after a letter or a group. Time grows with the product of both
/// lengths at most, and depth with the pattern's groups alone, whatever the name.
bool matches_name(std::string_view pattern, std::string_view name);

}  // namespace locus::files
