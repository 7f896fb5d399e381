// What a trained model relied on: the same text with its encoding changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../engine/encoding_change.hpp"
#include "../evaluation/score_masked.hpp"
#include "../evaluation/score_task.hpp"
#include "../evaluation/statistics.hpp"
#include "../models/model.hpp"
#include "run_observer.hpp"

namespace locus {

struct AblationChange {
  std::string text;  ///< what it is called
  EncodingChange change;
  std::string encoding = {};                    ///< swapped in; empty: the model's own
  std::function<void(GraphSpec&)> revise = {};  ///< makes another graph; empty: the model's own
};

/// Which model, and how changes are measured.
struct AblationSettings {
  std::filesystem::path model;
  ModelOptions options = {};  ///< of every variant; the changes go on top
  int threads = 0;
  std::optional<int64_t> context = {};
  int64_t sample = default_sample;
  uint64_t seed = 0;
  bool layers = false;  ///< each change in one layer at a time as well
  ObserveRun observe = {};
};

/// What a change did, or why it could not be made.
struct AblationResult {
  std::string change;
  std::optional<int64_t> layer;  ///< none: all
  std::string error;             ///< empty where it was measured
  bool untrained = false;        ///< an encoding was swapped in that no checkpoint supplies
  double nll = 0;                ///< mean, nats per token
  double largest = 0;            ///< change of a single token's nll, nats
  std::vector<Unit> units;       ///< sums of nll over tokens
  Comparison comparison;         ///< with the model as trained, nats per token
};

struct AblationReport {
  std::string model;
  std::vector<std::string> encodings;
  ScoringTask task = ScoringTask::causal;
  int64_t context = 0;
  int64_t tokens = 0;
  double nll = 0;  ///< as trained
  std::string unit;
  std::vector<AblationResult> results;
  std::vector<Document> documents;
};

/// Scores the documents by the model as it is and by each change of it. A change that cannot be
/// made has its reason in the result. Throws Error where the model itself cannot be scored, and
/// when cancelled.
AblationReport measure_changes(const AblationSettings& settings,
                               const std::vector<AblationChange>& changes,
                               std::vector<Document> documents);

}  // namespace locus
