#include "evaluation/sweep.hpp"

#include <algorithm>

namespace locus {
namespace {

constexpr int64_t max_in_a_block = 64;
constexpr int64_t min_targets_in_a_text = 128;
constexpr int64_t tokens_of_a_text = 4096;  // in windows of the greatest length, if that is enough

}  // namespace

SweepSettings sweep_of(const std::vector<int64_t>& lengths, bool bos) {
  const int64_t block = std::min(max_in_a_block, lengths.front() / 2);
  const int64_t blocks = std::max(min_targets_in_a_text / block, tokens_of_a_text / lengths.back());
  return {lengths, block, blocks, bos};
}

std::vector<std::vector<std::vector<Window>>> sweep_windows(std::span<const Text> texts,
                                                            const SweepSettings& sweep) {
  std::vector<std::vector<std::vector<Window>>> windows(sweep.contexts.size());
  for (const Text& text : texts) {
    const auto planned = plan_sweep(static_cast<int64_t>(text.ids.size()), sweep);
    for (size_t index = 0; index < windows.size(); ++index) {
      windows[index].push_back(planned.empty() ? std::vector<Window>{} : planned[index]);
    }
  }
  return windows;
}

bool any_window(std::span<const std::vector<Window>> windows) {
  return std::ranges::any_of(windows, [](const auto& list) { return !list.empty(); });
}

}  // namespace locus
