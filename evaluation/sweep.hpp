// Length sweeps: one set of target tokens, each at the end of windows of several lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "score_text.hpp"
#include "windows.hpp"

namespace locus {

/// Where a sweep over lengths has its target tokens. Many share a window, for what costs is the
/// longest one. `lengths` ascend, from 2 on.
SweepSettings sweep_of(const std::vector<int64_t>& lengths, bool bos);

/// The windows of a sweep, by length and text; a text shorter than the longest has none.
std::vector<std::vector<std::vector<Window>>> sweep_windows(std::span<const Text> texts,
                                                            const SweepSettings& sweep);
/// Whether any text has a window.
bool any_window(std::span<const std::vector<Window>> windows);

}  // namespace locus
