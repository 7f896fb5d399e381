// Length sweeps: one set of target tokens, each at the end of windows of several lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "score_text.hpp"
#include "windows.hpp"

namespace locus {

/// The settings of a sweep over `lengths`, which ascend and are 2 or more. Many targets share a
/// window, since the windows of the longest length take nearly all of the time.
SweepSettings sweep_of(const std::vector<int64_t>& lengths, bool bos);

/// The windows of a sweep, by length and text; a text shorter than the longest has none.
std::vector<std::vector<std::vector<Window>>> sweep_windows(std::span<const Text> texts,
                                                            const SweepSettings& sweep);
/// Whether any text has a window.
bool any_window(std::span<const std::vector<Window>> windows);

}  // namespace locus
