#include <algorithm>

#include "evaluation/sweep.hpp"
#include "pipelines/comparison/curves.hpp"
#include "pipelines/text/session_check.hpp"

namespace locus::pipelines {
namespace {

LengthPoint point_of(int64_t length, std::span<const Text> texts,
                     const std::vector<TextScores>& scores, const CancelCheck& check) {
  const Summary summary = summarize(texts, scores);
  LengthPoint point;
  point.length = length;
  point.tokens = summary.tokens;
  point.nll = summary.nll / static_cast<double>(summary.tokens);
  point.units = units_by_token(scores);
  point.interval = bootstrap(point.units, {.check = check});
  point.top1 = summary.top1;
  point.top5 = summary.top5;
  point.entropy = summary.entropy;
  return point;
}

/// Beginnings of texts, and which texts those are.
struct Beginnings {
  std::vector<Text> texts;
  std::vector<size_t> of;
};

/// What of each text fills windows of so many tokens; texts too short for one are left out.
Beginnings filling(std::span<const Text> texts, int64_t tokens) {
  Beginnings filled;
  for (size_t i = 0; i < texts.size(); ++i) {
    const size_t kept = texts[i].ids.size() / static_cast<size_t>(tokens) * tokens;
    if (kept == 0) continue;
    filled.texts.push_back(texts[i]);
    filled.texts.back().ids.resize(kept);
    filled.of.push_back(i);
  }
  return filled;
}

/// Their part of the scores of whole texts.
std::vector<TextScores> scores_of(const Beginnings& beginnings,
                                  const std::vector<TextScores>& scores) {
  std::vector<TextScores> part;
  for (size_t i = 0; i < beginnings.of.size(); ++i) {
    const auto tokens = static_cast<int64_t>(beginnings.texts[i].ids.size());
    part.push_back(scores[beginnings.of[i]]);
    std::erase_if(part.back(), [&](const TokenScore& score) { return score.index >= tokens; });
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
  const Beginnings filled = filling(texts, lengths.back() - (known.settings.bos ? 1 : 0));
  std::vector<LengthPoint> points;
  for (const int64_t length : lengths) {
    if (filled.of.empty() || length > session.graph().max_length()) continue;
    CausalSettings disjoint = known.settings;
    disjoint.windows.context = length;
    const bool again = length != known.settings.windows.context;
    points.push_back(point_of(
        length, filled.texts,
        again ? score_causal(session, filled.texts, disjoint) : scores_of(filled, known.scores),
        check_of(session)));
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
