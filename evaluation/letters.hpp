// Groups of items that do not differ, as letters beside their figures.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace locus {

/// Whether two of the items, by their numbers, were found to differ; symmetric.
using Differ = std::function<bool(size_t, size_t)>;

/// Compact letter display: two items share a letter if and only if they were not found to differ
/// (insert and absorb: Piepho 2004). Letters follow the order of the items; where 52 are not
/// enough, numbers stand in their place.
std::vector<std::string> compact_letters(size_t items, const Differ& differ);

}  // namespace locus
