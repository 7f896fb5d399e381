#include "models/embed.hpp"

#include <algorithm>
#include <limits>

#include "pipelines/folder/sentence_files.hpp"
#include "pipelines/tasks/pipeline_state.hpp"
#include "pipelines/text/lower_case.hpp"

namespace locus {
namespace {

using pipelines::SentenceSettings;

EmbedSettings settings_of(const SentenceSettings& folder, const EmbedOptions& options) {
  EmbedSettings settings;
  settings.pooling = options.pooling.value_or(folder.pooling);
  settings.norm = options.normalize || folder.normalize ? 1 : 0;
  return settings;
}

EncodeOptions encoding_of(const SentenceSettings& folder, const Model& model) {
  EncodeOptions encode;
  encode.max_length = folder.max_length;
  if (folder.found) {
    constexpr auto unlimited = std::numeric_limits<int64_t>::max();
    encode.max_length = std::min(longest_input(model), encode.max_length.value_or(unlimited));
  }
  return encode;
}

Embeddings run(Session& session, std::span<const ModelInput> inputs,
               const EmbedSettings& settings) {
  std::vector<Sequence> sequences;
  for (const ModelInput& input : inputs) sequences.push_back(input.sequence());
  return {settings.pooling, settings.norm > 0, locus::embed(session, sequences, settings),
          std::vector<int64_t>(inputs.size())};
}

}  // namespace

Embeddings Pipeline::embed(std::span<const std::string> texts, const EmbedOptions& options) {
  const auto folder = pipelines::read_sentence_files(model().folder());
  const EncodeOptions encode = encoding_of(folder, model());
  std::vector<ModelInput> inputs;
  std::vector<int64_t> cut;
  for (size_t i = 0; i < texts.size(); ++i) {
    state_->check();
    check_text(texts.size() == 1 ? "text" : "text " + std::to_string(i + 1), texts[i]);
    auto encoding =
        tokenizer().encode(folder.lower_case ? pipelines::lower_case(texts[i]) : texts[i], encode);
    check_sequence(model(), "text", encoding.ids);
    cut.push_back(encoding.truncated ? static_cast<int64_t>(encoding.ids.size()) : 0);
    inputs.push_back({std::move(encoding.ids), std::move(encoding.type_ids)});
  }
  Embeddings embeddings = run(session(), inputs, settings_of(folder, options));
  embeddings.cut_tokens = std::move(cut);
  return embeddings;
}

Embeddings Pipeline::embed(const ModelInput& input, const EmbedOptions& options) {
  const auto folder = pipelines::read_sentence_files(model().folder());
  return run(session(), std::span(&input, 1), settings_of(folder, options));
}

Embedding Pipeline::embed(std::string_view text, const EmbedOptions& options) {
  const std::string texts[] = {std::string(text)};
  return std::move(embed(texts, options).vectors.front());
}

}  // namespace locus
