// Scores texts by the task that fits the model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/score.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/windows.hpp"
#include "models/model.hpp"
#include "tokenizer/tokenizer.hpp"
#include "tools/cli/texts/languages.hpp"

namespace locus::cli {

/// What a text is scored by: next tokens; masked tokens, alone or with the rest of their word;
/// spans that were cut out; a target given its source.
enum class ScoringTask { causal, masked, masked_word, infill, given_source };

/// The task by its name on the command line; by the model's own task where the name is empty.
/// Throws Error where the model cannot do it.
ScoringTask scoring_task(const Model& model, std::string_view name, bool has_source);
std::string name_of(ScoringTask task);
/// What the figure is called: `perplexity`, `pseudo-perplexity`, ...
std::string metric_name(ScoringTask task);

struct ScoringSettings {
  ScoringTask task = ScoringTask::causal;
  Convention convention = Convention::sliding;
  int64_t context = 0;              ///< 0: the model's default
  int64_t stride = 0;               ///< 0: half the context
  int64_t sample = default_sample;  ///< masked tasks: tokens to score; 0: all
  uint64_t seed = 0;
  std::vector<std::vector<int32_t>> sources;  ///< of `given_source`, one for each text
  TargetBeginning beginning;                  ///< of `given_source`
  BatchSettings batch;
};

/// The beginning-of-text token that opens windows under a convention.
std::optional<int32_t> window_opening(const Model& model, const Tokenizer* tokenizer,
                                      Convention convention);

/// How the masked tasks are scored. Throws Error where the tokenizer has no mask token.
MaskedSettings masked_settings(const Tokenizer& tokenizer, const ScoringSettings& settings);

/// Runs the scorer of the task. `tokenizer` may be absent for ids given to a causal model. Throws
/// Error as the scorers do, and where the tokenizer lacks a token that the task needs.
std::vector<TextScores> score_texts(Session& session, const Model& model,
                                    const Tokenizer* tokenizer, std::span<const Text> texts,
                                    const ScoringSettings& settings);

}  // namespace locus::cli
