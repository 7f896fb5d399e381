// How a pipeline continues prompts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../models/generate.hpp"
#include "languages.hpp"
#include "results.hpp"

namespace locus {

/// Text of prompt `prompt` that became certain. False ends that prompt's text.
using TextCallback = std::function<bool(int64_t prompt, std::string_view piece)>;
/// All results of a prompt.
using ResultCallback = std::function<void(int64_t prompt, const std::vector<GeneratedText>&)>;

/// An option without a value leaves what the model's generation config says.
struct GenerateOptions {
  std::optional<int64_t> max_tokens, min_tokens;  ///< new ones
  std::optional<int64_t> beams, n_best;
  std::optional<double> length_penalty;
  std::optional<EarlyStopping> early_stopping;
  /// A temperature above 0, or a filter, turns sampling on.
  std::optional<double> temperature, top_p, min_p, typical_p;
  std::optional<int64_t> top_k;
  uint64_t seed = 0;
  std::optional<double> repetition_penalty;
  std::optional<int64_t> no_repeat_ngram;
  bool special = true;  ///< whether prompts get what the tokenizer's template adds to a text
  std::vector<std::string> stop = {};  ///< texts that end a text, beside the config's
  Languages languages = {};            ///< of a translator
  /// A causal model's texts are written to be joined to their prompts: the space before the first
  /// word is kept.
  bool after_prompt = false;
  size_t batch = 0;               ///< prompts that run together; 0: all
  TextCallback on_text = {};      ///< as a text grows; not with beams
  ResultCallback on_result = {};  ///< after each batch, in order
};

/// What the model's config says, replaced by the options; `max_tokens` depends on the prompts.
GenerationSettings generation_settings(const Model& model, const GenerateOptions& options);

}  // namespace locus
