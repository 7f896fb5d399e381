#include "models/embed.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "pipelines/sentence/sentence_vectors.hpp"
#include "pipelines/tasks/tasks.hpp"

namespace locus::pipelines {
namespace {

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

Embeddings embed_texts(State& state, std::span<const std::string> texts,
                       const EmbedOptions& options) {
  const SentenceReader reader(&state.opened_tokenizer(), state.sentence_rules(),
                              wishes_of(options, state.encoding()), default_length(*state.model));
  std::vector<ModelInput> inputs;
  std::vector<int64_t> cut;
  for (size_t i = 0; i < texts.size(); ++i) {
    state.check();
    auto text = reader.read(texts.size() == 1 ? "text" : "text " + std::to_string(i + 1), texts[i]);
    state.take("text", text.ids);
    cut.push_back(text.cut ? static_cast<int64_t>(text.ids.size()) : 0);
    inputs.push_back({std::move(text.ids), std::move(text.type_ids)});
  }
  Embeddings embeddings = run(state.session, inputs, reader);
  embeddings.cut_tokens = std::move(cut);
  return embeddings;
}

Embeddings embed_inputs(State& state, std::span<const ModelInput> inputs,
                        const EmbedOptions& options) {
  const SentenceReader reader(nullptr, state.sentence_rules(), wishes_of(options),
                              default_length(*state.model));
  for (const ModelInput& input : inputs) state.note(input.ids.size());
  return run(state.session, inputs, reader);
}

}  // namespace locus::pipelines
