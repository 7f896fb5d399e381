// Loss by the length of windows.
#pragma once

#include <span>
#include <vector>

#include "evaluation/score.hpp"
#include "pipelines/comparison.hpp"

namespace locus::pipelines {

/// Scores the same target tokens at every length. Lengths that the encoding does not represent, or
/// for which no text is long enough, have no point.
std::vector<LengthPoint> measure_lengths(Session& session, std::span<const Text> texts,
                                         const std::vector<int64_t>& lengths,
                                         const CausalSettings& settings);
/// The change of each point, paired by document, from the one at length `reference`, or from the
/// first where there is none.
void add_changes(std::vector<LengthPoint>& points, int64_t reference, const CancelCheck& check);
/// What texts score in windows that do not overlap.
struct DisjointScores {
  CausalSettings settings;
  std::vector<TextScores> scores;
};
/// Scores what of each text fills the longest window, once or more, cut into windows of each length
/// that do not overlap: the early tokens of each have little context. `known` holds one of the
/// lengths.
std::vector<LengthPoint> measure_disjoint(Session& session, std::span<const Text> texts,
                                          const std::vector<int64_t>& lengths,
                                          const DisjointScores& known);

}  // namespace locus::pipelines
