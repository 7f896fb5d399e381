// How a pipeline measures how well a model predicts texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "../evaluation/score.hpp"
#include "../evaluation/score_masked.hpp"
#include "../evaluation/windows.hpp"
#include "languages.hpp"
#include "scoring_tokens.hpp"

namespace locus {

/// What the task has no use for must not be set: Error.
struct EvaluateOptions {
  std::string task;  ///< `causal`, `masked`, `masked-word`, `infill`; empty: the model's
  std::optional<Convention> convention;  ///< causal models; none: sliding
  std::optional<int64_t> context;        ///< tokens of a window; none: the model's
  std::optional<int64_t>
      stride;  ///< `sliding` and `hf`: tokens between windows; none: half of them
  std::optional<int64_t> sample;  ///< masked tasks: tokens to score; 0: all; none: 512
  uint64_t seed = 0;              ///< of samples, spans and the bootstrap
  BeginToken begin = {};          ///< causal models: what windows begin with
  Languages languages = {};       ///< of a translator, where sources are given
  Progress progress = {};
  /// No interval (it is 0 to 0), no hashes and no share of lossy text, for callers who show none.
  bool sums_alone = false;
};

}  // namespace locus
