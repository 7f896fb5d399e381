#include "tools/cli/support/sweep.hpp"

#include <algorithm>

namespace locus::cli {

std::vector<std::vector<std::vector<Window>>> sweep_windows(std::span<const Text> texts,
                                                            const std::vector<int64_t>& lengths,
                                                            bool bos) {
  const SweepSettings sweep{lengths, sweep_block, sweep_blocks_of_a_text, bos};
  std::vector<std::vector<std::vector<Window>>> windows(lengths.size());
  for (const Text& text : texts) {
    const auto planned = plan_sweep(static_cast<int64_t>(text.ids.size()), sweep);
    for (size_t index = 0; index < lengths.size(); ++index) {
      windows[index].push_back(planned.empty() ? std::vector<Window>{} : planned[index]);
    }
  }
  return windows;
}

bool any_window(std::span<const std::vector<Window>> windows) {
  return std::ranges::any_of(windows, [](const auto& list) { return !list.empty(); });
}

}  // namespace locus::cli
