// What encodings differ in, measured on any checkpoint: what `locus probe` shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../evaluation/probes.hpp"
#include "../models/model.hpp"
#include "documents.hpp"
#include "run_observer.hpp"

namespace locus {

struct ProbeSettings {
  bool recall = true, passkey = true, order = true;
  std::vector<int64_t> lengths = {64, 128, 256, 512, 1024};  ///< of sequences, with two
                                                             ///< for special tokens
  int64_t trials = 16;
  int64_t pairs = 100;  ///< of word order
  uint64_t seed = 0;
  int threads = 0;
  ObserveRun observe = {};
};

/// Word order in sentences of a text: each pair is a sentence, and the same with two neighbouring
/// words exchanged.
struct WordPair {
  std::string right, wrong;
};
/// So many, drawn from sentences of 5 to 20 words; fewer where the text has not so many. The text
/// is gone through twice.
std::vector<WordPair> word_order_pairs(const std::vector<Document>& documents, int64_t count,
                                       uint64_t seed, const CancelCheck& check = {});

/// One probe of one model: a unit for each trial or pair, and its mean with an interval.
struct ProbeFigure {
  std::vector<Unit> units;
  double mean = 0;
  Interval interval;                     ///< 95 %, over trials
  std::optional<Comparison> comparison;  ///< with the first model, where the tokens are the same
};

struct ProbedModel {
  std::string name;
  std::string encoding;
  ScoringTask task = ScoringTask::causal;
  std::string tokens;  ///< SHA-256 of what the tokenizer makes of the text
  int64_t trained_context = 0;
  std::vector<RecallPoint> recall_points;
  std::vector<PasskeyCell> passkey_cells;
  std::optional<ProbeFigure> recall;   ///< mean gain, nats per token
  std::optional<ProbeFigure> passkey;  ///< share of keys found
  std::optional<ProbeFigure> order;    ///< share of sentences preferred in their order
};

/// Of five keys the right one is found by chance once in five.
inline constexpr double passkey_chance = 0.2;

/// Probes a causal or masked model with tokens, filler and sentences of the documents. Lengths that
/// the model's encoding does not represent are left out. Throws Error for other models.
ProbedModel probe_model(const Model& model, const std::string& name,
                        const std::vector<Document>& documents, const ProbeSettings& settings);

/// Compares each model of the first one's kind with it, paired by trial over the lengths that both
/// have, where both have the same tokens (word order does without); Holm's correction over the
/// models of a probe. Larger is better: a difference above 0 may be `better`.
void compare_probes(std::vector<ProbedModel>& models, uint64_t seed);

}  // namespace locus
