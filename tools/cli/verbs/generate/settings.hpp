// How `locus generate` continues texts: by the model's config and by the command.
#pragma once

#include "models/generate.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/verbs/generate/generate.hpp"

namespace locus::cli {

/// What the model's generation config says, and the command in its place; `max_tokens` is left to
/// the prompts.
GenerationSettings generation_settings_of(const GenerateOptions& options, const Model& model);

/// A translator's languages: what the decoder begins with, and the code that goes before the
/// source. Throws Error for a model whose tokenizer knows no languages.
std::string take_languages(const GenerateOptions& options, const Model& model,
                           const Tokenizer* tokenizer, GenerationSettings& settings);

/// Stop texts of the model's config need what the command's own need: a tokenizer and no beams.
/// Throws Error where they lack it.
void check_stop_texts(const GenerationSettings& settings, const Tokenizer* tokenizer);

}  // namespace locus::cli
