// What `locus ablate` measures.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/encoding_change.hpp"
#include "evaluation/score.hpp"
#include "evaluation/statistics.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// One change as the command line writes it: `remove`, `shift:7`, `scale:0.5`, `shuffle:1`,
/// `swap:alibi`.
struct AblationChange {
  std::string text;
  EncodingChange change;
  std::string encoding;                         ///< swapped in; empty: the model's own
  std::function<void(GraphSpec&)> revise = {};  ///< makes another graph; empty: the model's own
};

/// On what changes are measured.
struct AblationSettings {
  CommonOptions common;
  std::vector<std::string> texts;  ///< empty: the shipped text
  std::string separator;
  std::optional<int64_t> context;
  int64_t sample = default_sample;
  uint64_t seed = 0;
  bool layers = false;  ///< each change in one layer at a time as well
};

/// Throws UsageError for anything else.
AblationChange parse_lab_change(const std::string& text);

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
  std::string encoding;
  ScoringTask task = ScoringTask::causal;
  int64_t context = 0;
  int64_t tokens = 0;
  double nll = 0;  ///< as trained
  std::string unit;
  std::vector<AblationResult> results;
  std::vector<Document> documents;
};

/// Scores the texts by the model as it is and by each change of it. A change that cannot be made
/// has its reason in the result.
AblationReport measure_changes(const AblationSettings& settings,
                               std::vector<AblationChange> changes);

std::string to_text(const AblationReport& report);
Json to_json(const AblationReport& report);
Json to_json(const AblationResult& result);

}  // namespace locus::cli
