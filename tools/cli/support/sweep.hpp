// The same target tokens behind windows of several lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/score_text.hpp"
#include "models/windows.hpp"

namespace locus::cli {

/// Tokens that a length sweep scores of a text, in blocks of so many, at most so many blocks.
inline constexpr int64_t sweep_block = 32;
inline constexpr int64_t sweep_blocks_of_a_text = 8;

/// The windows of a sweep, by length and text; a text shorter than the longest has none.
std::vector<std::vector<std::vector<Window>>> sweep_windows(std::span<const Text> texts,
                                                            const std::vector<int64_t>& lengths,
                                                            bool bos);
/// Whether any text has a window.
bool any_window(std::span<const std::vector<Window>> windows);

}  // namespace locus::cli
