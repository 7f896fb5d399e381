// What encodings differ in: how far back a model copies, finds and orders.
//
// A probe asks for the loss of some tokens of sequences that it makes, of any model: the scorer is
// injected. Its unit is a trial; the same trials are asked of every model with the same tokens, so
// that differences are paired.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "floors.hpp"
#include "score_task.hpp"
#include "statistics.hpp"

namespace locus {

/// Ids without special tokens, of which those from `from` on are scored.
struct ProbeText {
  std::vector<int32_t> ids;
  int64_t from = 0;
};
/// Nats of the scored tokens of each text.
using ScoreProbe = std::function<FloorLosses(std::span<const ProbeText>)>;

/// By a causal model, each text in one window; by a masked model, each token masked alone with the
/// whole text around it. Throws Error for other tasks and for texts that are longer than the
/// model's positions.
ScoreProbe probe_scorer(Session& session, const ScoringSettings& settings);
/// By the trigram, which remembers two tokens.
ScoreProbe probe_scorer(const Floors& floors);

/// Recall by distance. A string of random tokens stands twice with random tokens between; the gain
/// is how much less the second copy costs than after another first string. A model that copies
/// gains about the string's whole loss, one without memory nothing.
struct RecallSettings {
  int64_t length = 16;             ///< tokens of the string
  std::vector<int64_t> distances;  ///< from a token to its copy, above `length` + 1
  int64_t trials = 32;
  uint64_t seed = 0;
  std::vector<int32_t> alphabet;  ///< tokens that are drawn, each at most once a sequence where
                                  ///< there are enough
};
/// Gains at one distance, nats.
struct RecallPoint {
  int64_t distance = 0;
  std::vector<std::vector<double>> gains;  ///< [trials][length]
};
/// One point for each distance. Throws Error for an alphabet of fewer than two tokens, for shorter
/// distances, and as `score` does.
std::vector<RecallPoint> probe_recall(const ScoreProbe& score, const RecallSettings& settings);
/// Mean gain of each trial, over positions and distances.
std::vector<Unit> recall_units(std::span<const RecallPoint> points);
/// Mean gain by place in the string. [length]
std::vector<double> gain_by_position(const RecallPoint& point);

/// A passkey map. A sentence with a key stands in a text, and the text ends by asking for it; the
/// right key is held against others by their likelihood.
struct PasskeyTrial {
  std::vector<int32_t> before, after;      ///< the sentence around the key
  std::vector<int32_t> question;           ///< the end of the text; the key follows
  std::vector<std::vector<int32_t>> keys;  ///< of equal length; the first is the right one
};
struct PasskeySettings {
  std::vector<int64_t> lengths;  ///< tokens of the whole
  std::vector<double> depths;    ///< where the sentence stands, 0 (far away) to 1 (at the end)
  std::vector<int32_t> filler;   ///< a text that is repeated
};
struct PasskeyCell {
  int64_t length = 0;
  double depth = 0;
  std::vector<double> found;   ///< by trial: 1 where the right key is the most likely, ties a share
  std::vector<double> margin;  ///< by trial: nats by which the best wrong key is less likely
};
/// One cell for each length and depth. Throws Error without filler, for a length that a trial does
/// not fit into, and as `score` does.
std::vector<PasskeyCell> probe_passkey(const ScoreProbe& score,
                                       std::span<const PasskeyTrial> trials,
                                       const PasskeySettings& settings);
/// Share of cells in which each trial's key was found.
std::vector<Unit> passkey_units(std::span<const PasskeyCell> cells);

/// Minimal pairs: a text and the same with something wrong.
struct MinimalPair {
  std::vector<int32_t> right, wrong;
};
struct PairScore {
  double right = 0, wrong = 0;  ///< nats of the whole
};
/// One score for each pair. Throws Error as `score` does.
std::vector<PairScore> probe_pairs(const ScoreProbe& score, std::span<const MinimalPair> pairs);
/// 1 where the right text is the more likely, 0.5 where both are alike.
std::vector<Unit> pair_units(std::span<const PairScore> scores);

}  // namespace locus
