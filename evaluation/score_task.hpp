// Scores texts by the task that fits the model.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "score.hpp"
#include "score_infill.hpp"
#include "score_masked.hpp"
#include "windows.hpp"

namespace locus {

/// What a text is scored by: next tokens; masked tokens, alone or with the rest of their word;
/// spans that were cut out; a target given its source.
enum class ScoringTask { causal, masked, masked_word, infill, given_source };

/// The task by its name (`causal`, `masked`, `masked-word`, `infill`, `given-source`); by the
/// graph's own task where the name is empty. Throws Error where the graph cannot do it.
ScoringTask scoring_task(const GraphSpec& spec, std::string_view name, bool has_source);
std::string name_of(ScoringTask task);
/// What the figure is called: `perplexity`, `pseudo-perplexity`, ...
std::string metric_name(ScoringTask task);

/// The ids with a meaning that tasks put around texts or into them.
struct ScoringTokens {
  std::optional<int32_t> bos;          ///< opens a window
  std::optional<int32_t> prefix;       ///< opens a text as lm-eval does it
  std::optional<int32_t> mask;         ///< stands for a token that is hidden
  std::vector<int32_t> before, after;  ///< around the text of a masked model
  std::vector<int32_t> sentinels;      ///< stand for spans that are cut out
  std::optional<int32_t> end;          ///< closes a source
  std::optional<int32_t> decoder_start;
  std::vector<int32_t> after_start;  ///< special tokens between the start and a target
};

struct ScoringSettings {
  ScoringTask task = ScoringTask::causal;
  Convention convention = Convention::sliding;
  int64_t context = 0;              ///< 0: the model's default
  int64_t stride = 0;               ///< 0: half the context
  int64_t sample = default_sample;  ///< masked tasks: tokens to score; 0: all
  uint64_t seed = 0;
  std::vector<std::vector<int32_t>> sources = {};  ///< of `given_source`, one for each text
  ScoringTokens tokens = {};
  BatchSettings batch = {};
};

/// Windows of the wished context and stride, else of the graph's default and half of it. Throws
/// Error for a context below 2 and a stride below 1.
void set_windows(ScoringSettings& settings, const Graph& graph, std::optional<int64_t> context,
                 std::optional<int64_t> stride = {});

/// The token that opens windows under a convention.
std::optional<int32_t> window_opening(const ScoringTokens& tokens, Convention convention);

/// Settings of the scorers as the task's settings say; throw Error without the mask or the start of
/// decoders that they need.
CausalSettings causal_settings(const ScoringSettings& settings);
MaskedSettings masked_settings(const ScoringSettings& settings);
InfillSettings infill_settings(const ScoringSettings& settings);

/// Runs the scorer of the task. Throws Error as the scorers do, and where the task needs a token
/// that `settings.tokens` lacks.
std::vector<TextScores> score_texts(Session& session, std::span<const Text> texts,
                                    const ScoringSettings& settings);

}  // namespace locus
