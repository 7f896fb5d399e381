#include <algorithm>

#include "tools/cli/compare/comparison.hpp"

namespace locus::cli {
namespace {

LengthPoint point_of(int64_t length, std::span<const Text> texts,
                     const std::vector<TextScores>& scores) {
  const Summary summary = summarize(texts, scores);
  return {length,
          summary.tokens,
          summary.nll / static_cast<double>(summary.tokens),
          bootstrap(units_by_token(scores)),
          summary.top1,
          summary.top5,
          summary.entropy};
}

/// Those of at least `tokens` tokens.
std::vector<Text> long_texts(std::span<const Text> texts, int64_t tokens) {
  std::vector<Text> chosen;
  for (const Text& text : texts) {
    if (static_cast<int64_t>(text.ids.size()) >= tokens) chosen.push_back(text);
  }
  return chosen;
}

}  // namespace

std::vector<LengthPoint> measure_disjoint(Session& session, std::span<const Text> texts,
                                          const std::vector<int64_t>& lengths,
                                          const CausalSettings& settings) {
  const std::vector<Text> chosen = long_texts(texts, lengths.back());
  std::vector<LengthPoint> points;
  for (const int64_t length : lengths) {
    if (chosen.empty() || length > session.graph().max_length()) continue;
    CausalSettings disjoint = settings;
    disjoint.windows = {Convention::disjoint, length, 0, false};
    points.push_back(point_of(length, chosen, score_causal(session, chosen, disjoint)));
  }
  return points;
}

std::vector<LengthPoint> measure_lengths(Session& session, std::span<const Text> texts,
                                         const std::vector<int64_t>& lengths,
                                         const CausalSettings& settings) {
  const auto windows = sweep_windows(texts, lengths, settings.bos.has_value());
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
