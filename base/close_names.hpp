// Names that somebody may have meant.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace locus {

/// At most three of `known`, the closest first: equal but for a few letters, or but for a prefix
/// (`bert.` in front of every name of a checkpoint).
std::vector<std::string> close_names(std::string_view name, std::span<const std::string> known);

}  // namespace locus
