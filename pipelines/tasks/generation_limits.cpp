#include "pipelines/tasks/generation_limits.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "models/model.hpp"
#include "pipelines/model_input.hpp"

namespace locus::pipelines {
namespace {

constexpr int64_t default_tokens = 128;

bool is_sequence_to_sequence(const Model& model) {
  return model.spec().task == "sequence-to-sequence";
}

}  // namespace

void check_stop_texts(const GenerationSettings& settings, const Tokenizer* tokenizer) {
  if (settings.stop_texts.empty()) return;
  if (settings.beam.beams > 1) throw Error("stop_strings", "a search without beams", "beams");
  if (std::ranges::count(settings.stop_texts, "") > 0) {
    throw Error("stop texts", "texts that are not empty", "an empty one");
  }
  if (!tokenizer) throw Error("stop texts", "a tokenizer in the model's folder", "none");
}

int64_t max_tokens(const GenerateOptions& options, const Model& model,
                   const GenerationSettings& settings, Prompts prompts) {
  const int64_t wanted = options.min_tokens.value_or(0);
  if (options.max_tokens) {
    const bool refused = *options.max_tokens < 1;  // by the generation, for itself
    if (refused || wanted <= *options.max_tokens) return *options.max_tokens;
    throw Error("min tokens", "at most the max tokens, " + std::to_string(*options.max_tokens),
                std::to_string(wanted));
  }
  size_t longest = 0;
  for (const auto& prompt : prompts) longest = std::max(longest, prompt.size());
  const auto read = static_cast<int64_t>(longest);
  const int64_t room =
      is_sequence_to_sequence(model) ? default_tokens : default_length(model) - read;
  const int64_t fallback = default_max_tokens(
      settings, *model.graph(), read, room < 1 ? default_tokens : std::min(room, default_tokens));
  return std::max(fallback, wanted);
}

}  // namespace locus::pipelines
