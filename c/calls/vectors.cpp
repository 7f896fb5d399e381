// Texts as vectors, and documents by how well they answer a query.
#include "c/calls/handles.hpp"
#include "models/embed.hpp"

namespace {

using namespace locus;
using namespace locus::c;

EmbedOptions embed_options(const locus_embed_options& given) {
  EmbedOptions options;
  const std::string pooling = text_or_empty("pooling", given.pooling);
  if (!pooling.empty()) options.pooling = parse_pooling(pooling);
  options.normalize = given.normalize != 0;
  if (given.prompt) options.prompt = text_of("prompt", given.prompt);
  options.dimension = count_or_none("dimension", given.dimension);
  return options;
}

void fill(locus_vectors& result, Storage& storage, Embeddings embeddings) {
  std::vector<float> values;
  std::vector<int64_t> texts;
  for (size_t text = 0; text < embeddings.vectors.size(); ++text) {
    const Embedding& vectors = embeddings.vectors[text];
    const size_t rows = vectors.values.size() / static_cast<size_t>(vectors.width);
    values.insert(values.end(), vectors.values.begin(), vectors.values.end());
    texts.insert(texts.end(), rows, static_cast<int64_t>(text));
  }
  result.rows = texts.size();
  result.width = static_cast<size_t>(embeddings.vectors.front().width);
  result.values = storage.keep(std::move(values));
  result.texts = storage.keep(std::move(texts));
  result.count = embeddings.cut_tokens.size();
  result.cut_tokens = storage.keep(std::move(embeddings.cut_tokens));
}

}  // namespace

locus_status locus_embed(locus_worker* worker, const char* const* texts, size_t count,
                         const locus_embed_options* options, locus_vectors** result,
                         locus_error** error) {
  return answer(result, error, [&](locus_vectors& vectors, Storage& storage) {
    const Turn turn(worker);
    const auto given = texts_of("texts", texts, count);
    const auto settings = embed_options(options_of("options", options));
    fill(vectors, storage, turn.pipeline().embed(given, settings));
  });
}

locus_status locus_rerank(locus_worker* worker, const char* query, const char* const* documents,
                          size_t count, locus_ranking** result, locus_error** error) {
  return answer(result, error, [&](locus_ranking& ranking, Storage& storage) {
    const Turn turn(worker);
    const auto given = texts_of("documents", documents, count);
    std::vector<int64_t> indices;
    std::vector<double> scores;
    for (const auto& ranked : turn.pipeline().rerank(text_of("query", query), given)) {
      indices.push_back(ranked.index);
      scores.push_back(ranked.score);
    }
    ranking.count = indices.size();
    ranking.documents = storage.keep(std::move(indices));
    ranking.scores = storage.keep(std::move(scores));
  });
}
