// What ends a text that is written, as options, files and prompts say together.
#pragma once

#include <cstdint>

#include "pipelines/generate_options.hpp"
#include "pipelines/tasks/generator.hpp"

namespace locus {
class Model;
}

namespace locus::pipelines {

/// Stop texts need a tokenizer and no beams, whoever asks for them.
void check_stop_texts(const GenerationSettings& settings, const Tokenizer* tokenizer);

/// Room for new tokens: what was asked for, else what the model's config says,
/// else as much as fits the context, unless the prompt is beyond it, and no
/// less than the least that was asked for. Throws Error where that is more than
/// the most.
int64_t max_tokens(const GenerateOptions& options, const Model& model,
                   const GenerationSettings& settings, Prompts prompts);

}  // namespace locus::pipelines
