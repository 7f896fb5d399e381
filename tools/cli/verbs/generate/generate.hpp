// `locus generate`, also for `locus run`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cli/texts/languages.hpp"

namespace locus::cli {

struct GenerateOptions {
  CommonOptions common;
  std::vector<std::string> prompts;
  std::string ids;
  LanguageOptions languages;
  std::vector<std::string> stop;
  std::string early_stopping;
  uint64_t seed = 0;
  /// What the model's generation config says stays where these have no value.
  std::optional<int64_t> max_tokens, min_tokens, beams, n_best, top_k, no_ngram;
  std::optional<double> temperature, top_p, min_p, typical_p, length_penalty, repetition_penalty;
};

void generate(const GenerateOptions& options, const Model& model);

}  // namespace locus::cli
