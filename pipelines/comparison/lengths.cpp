#include <algorithm>

#include "base/watch.hpp"
#include "evaluation/session_check.hpp"
#include "evaluation/sweep.hpp"
#include "pipelines/comparison/curves.hpp"

namespace locus::pipelines {
namespace {

LengthPoint point_of(int64_t length, std::span<const Text> texts,
                     const std::vector<TextScores>& scores, const CancelCheck& check) {
  const Summary summary = summarize(texts, scores, check);
  LengthPoint point;
  point.length = length;
  point.tokens = summary.tokens;
  point.nll = summary.nll / static_cast<double>(summary.tokens);
  point.units = units_by_token(scores, check);
  point.interval = bootstrap(point.units, {.check = check});
  point.top1 = summary.top1;
  point.top5 = summary.top5;
  point.entropy = summary.entropy;
  return point;
}

/// How much of each text fills windows of so many tokens: of those too short for one nothing.
std::vector<int64_t> filling(std::span<const Text> texts, int64_t tokens) {
  std::vector<int64_t> kept;
  for (const Text& text : texts) kept.push_back(std::ssize(text.ids) / tokens * tokens);
  return kept;
}

std::vector<std::vector<Window>> windows_within(const std::vector<int64_t>& kept,
                                                const CausalSettings& settings) {
  WindowSettings rule = settings.windows;
  rule.bos = settings.bos.has_value();
  std::vector<std::vector<Window>> windows;
  for (const int64_t tokens : kept) windows.push_back(plan_windows(tokens, rule));
  return windows;
}

std::vector<TextScores> scores_within(const std::vector<int64_t>& kept,
                                      const std::vector<TextScores>& scores,
                                      const CancelCheck& check) {
  Watch watch(check);
  std::vector<TextScores> part(scores.size());
  for (size_t text = 0; text < scores.size(); ++text) {
    for (const TokenScore& score : scores[text]) {
      watch.spend(Watch::bytes_per_token);
      if (score.index < kept[text]) part[text].push_back(score);
    }
  }
  return part;
}

}  // namespace

void add_changes(std::vector<LengthPoint>& points, int64_t reference, const CancelCheck& check) {
  if (points.empty()) return;
  const auto found = std::ranges::find(points, reference, &LengthPoint::length);
  const std::vector<Unit> from = (found == points.end() ? points.begin() : found)->units;
  for (LengthPoint& point : points) {
    const auto differences = paired_differences(point.units, from);
    point.change = weighted_mean(differences);
    point.change_interval = bootstrap(differences, {.check = check});
  }
}

std::vector<LengthPoint> measure_disjoint(Session& session, std::span<const Text> texts,
                                          const std::vector<int64_t>& lengths,
                                          const DisjointScores& known) {
  const CancelCheck check = check_of(session);
  const auto kept = filling(texts, lengths.back() - (known.settings.bos ? 1 : 0));
  std::vector<LengthPoint> points;
  if (std::ranges::count(kept, 0) == std::ssize(kept)) return points;
  for (const int64_t length : lengths) {
    if (length > session.graph().max_length()) continue;
    CausalSettings disjoint = known.settings;
    disjoint.windows.context = length;
    const bool again = length != known.settings.windows.context;
    points.push_back(
        point_of(length, texts,
                 again ? score_windows(session, texts, windows_within(kept, disjoint), disjoint)
                       : scores_within(kept, known.scores, check),
                 check));
  }
  return points;
}

std::vector<LengthPoint> measure_lengths(Session& session, std::span<const Text> texts,
                                         const std::vector<int64_t>& lengths,
                                         const CausalSettings& settings) {
  if (lengths.empty()) return {};
  const auto windows = sweep_windows(texts, sweep_of(lengths, settings.bos.has_value()));
  std::vector<LengthPoint> points;
  for (size_t index = 0; index < lengths.size(); ++index) {
    const bool represented = lengths[index] <= session.graph().max_length();
    if (!represented || !any_window(windows[index])) continue;
    const auto scores = score_windows(session, texts, windows[index], settings);
    points.push_back(point_of(lengths[index], texts, scores, check_of(session)));
  }
  add_changes(points, session.graph().spec().trained_context, check_of(session));
  return points;
}

}  // namespace locus::pipelines
