#include <algorithm>

#include "tools/cli/compare/comparison.hpp"

namespace locus::cli {
namespace {

LengthPoint point_of(int64_t length, std::span<const Text> texts,
                     const std::vector<TextScores>& scores) {
  const Summary summary = summarize(texts, scores);
  return {length, summary.tokens, summary.nll / static_cast<double>(summary.tokens),
          bootstrap(units_by_token(scores))};
}

bool any_window(const std::vector<std::vector<Window>>& windows) {
  return std::ranges::any_of(windows, [](const auto& list) { return !list.empty(); });
}

}  // namespace

std::vector<LengthPoint> measure_lengths(Session& session, std::span<const Text> texts,
                                         const std::vector<int64_t>& lengths,
                                         const CausalSettings& settings) {
  const SweepSettings sweep{lengths, sweep_block, sweep_blocks_of_a_text, settings.bos.has_value()};
  std::vector<std::vector<std::vector<Window>>> windows(lengths.size());  // by length, text
  for (const Text& text : texts) {
    const auto planned = plan_sweep(static_cast<int64_t>(text.ids.size()), sweep);
    for (size_t index = 0; index < lengths.size(); ++index) {
      windows[index].push_back(planned.empty() ? std::vector<Window>{} : planned[index]);
    }
  }
  std::vector<LengthPoint> points;
  for (size_t index = 0; index < lengths.size(); ++index) {
    const bool represented = lengths[index] <= session.graph().max_length();
    if (!represented || !any_window(windows[index])) continue;
    points.push_back(
        point_of(lengths[index], texts, score_windows(session, texts, windows[index], settings)));
  }
  return points;
}

}  // namespace locus::cli
