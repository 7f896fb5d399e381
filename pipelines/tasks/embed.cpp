#include "models/embed.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "pipelines/sentence/sentence_vectors.hpp"
#include "pipelines/tasks/pipeline_state.hpp"

namespace locus {
namespace {

using pipelines::SentenceReader;
using pipelines::SentenceWishes;

SentenceWishes wishes_of(const EmbedOptions& options, EncodeOptions encoding = {}) {
  return {options.pooling,   options.normalize,   options.prompt,
          options.dimension, std::move(encoding), options.prompt_text};
}

void check_finite(std::span<const Embedding> vectors) {
  for (const Embedding& vector : vectors) {
    if (std::ranges::all_of(vector.values, [](float x) { return std::isfinite(x); })) continue;
    throw Error("embed", "finite vectors", "infinity or NaN");
  }
}

Embeddings run(Session& session, std::span<const ModelInput> inputs, const SentenceReader& reader) {
  std::vector<Sequence> sequences;
  std::vector<int64_t> tokens;
  for (const ModelInput& input : inputs) {
    sequences.push_back(input.sequence());
    tokens.push_back(static_cast<int64_t>(input.ids.size()));
  }
  std::vector<Embedding> vectors = reader.embed(session, sequences);
  check_finite(vectors);
  return {reader.pooling_name(),
          reader.by_token(),
          reader.normalizes(),
          std::move(vectors),
          std::vector<int64_t>(inputs.size()),
          std::move(tokens)};
}

}  // namespace

Embeddings Pipeline::embed(std::span<const std::string> texts, const EmbedOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  const SentenceReader reader(&state_->opened_tokenizer(), state_->sentence_rules(),
                              wishes_of(options, state_->encoding()), default_length(model()));
  std::vector<ModelInput> inputs;
  std::vector<int64_t> cut;
  for (size_t i = 0; i < texts.size(); ++i) {
    state_->check();
    auto text = reader.read(texts.size() == 1 ? "text" : "text " + std::to_string(i + 1), texts[i]);
    state_->take("text", text.ids);
    cut.push_back(text.cut ? static_cast<int64_t>(text.ids.size()) : 0);
    inputs.push_back({std::move(text.ids), std::move(text.type_ids)});
  }
  Embeddings embeddings = run(session(), inputs, reader);
  embeddings.cut_tokens = std::move(cut);
  return embeddings;
} catch (...) {
  throw_as_error("embed");
}

Embeddings Pipeline::embed(const ModelInput& input, const EmbedOptions& options) {
  return embed(std::span(&input, 1), options);
}

Embeddings Pipeline::embed(std::span<const ModelInput> inputs, const EmbedOptions& options) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  const SentenceReader reader(nullptr, state_->sentence_rules(), wishes_of(options),
                              default_length(model()));
  for (const ModelInput& input : inputs) state_->note(input.ids.size());
  return run(session(), inputs, reader);
} catch (...) {
  throw_as_error("embed");
}

Embedding Pipeline::embed(std::string_view text, const EmbedOptions& options) {
  const std::string texts[] = {std::string(text)};
  return std::move(embed(texts, options).vectors.front());
}

}  // namespace locus
