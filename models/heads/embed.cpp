#include "models/embed.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "models/heads/pooling.hpp"

namespace locus {
namespace {

/// Each row mapped, to rows of another width as the case may be. [T, D] to [T, D']
Tensor mapped(ConstView rows, const EmbedSettings& settings) {
  std::vector<float> values;
  for (int64_t row = 0; row < rows.size(0); ++row) {
    const auto own = rows.row(row);
    const std::vector<float> other = settings.of_token({own.begin(), own.end()});
    values.insert(values.end(), other.begin(), other.end());
  }
  const auto width = static_cast<int64_t>(values.size()) / rows.size(0);
  return Tensor({rows.size(0), width}, values);
}

Embedding embedding_of(ConstView rows, const EmbedSettings& settings) {
  Embedding embedding{rows.size(1) * static_cast<int64_t>(settings.poolings.size()), {}};
  for (const Pooling pooling : settings.poolings) {
    const std::vector<float> values = heads::pooled(rows, pooling, settings.skipped);
    embedding.values.insert(embedding.values.end(), values.begin(), values.end());
  }
  if (settings.norm == 0) return embedding;
  const auto width = static_cast<size_t>(embedding.width);
  for (size_t begin = 0; begin < embedding.values.size(); begin += width) {
    scale_to(std::span(embedding.values).subspan(begin, width), settings.norm);
  }
  return embedding;
}

void check(const EmbedSettings& settings) {
  const auto& poolings = settings.poolings;
  if (poolings.empty()) throw Error("pooling", "at least one", "none");
  if (poolings.size() > 1 && std::ranges::find(poolings, Pooling::none) != poolings.end()) {
    throw Error("pooling", "'none' by itself", "'none' beside another");
  }
}

/// ln(1 + max(0, x)) of every logit of some rows, into the sum or the largest so far. [vocabulary]
void add_terms(ConstView logits, const SparsePooling& pooling, std::span<float> terms) {
  for (int64_t row = 0; row < logits.size(0); ++row) {
    const auto values = logits.row(row);
    for (size_t i = 0; i < terms.size(); ++i) {
      float term = std::log1p(std::max(values[i], 0.0f));
      if (pooling.twice) term = std::log1p(term);
      terms[i] = pooling.sum ? terms[i] + term : std::max(terms[i], term);
    }
  }
}

std::string token_output(const Graph& graph) {
  const auto& outputs = graph.spec().outputs;
  for (const char* name : {"encoder_last_hidden_state", "last_hidden_state"}) {
    if (outputs.contains(name)) return name;
  }
  throw Error("embed", "a model with token vectors (last_hidden_state)",
              "'" + graph.spec().task + "'");
}

/// Indices of sequences that run together, of like lengths.
std::vector<std::vector<size_t>> batches_of(std::span<const Sequence> sequences,
                                            int64_t batch_tokens) {
  std::vector<size_t> order(sequences.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return sequences[a].ids.size() < sequences[b].ids.size();
  });
  std::vector<std::vector<size_t>> batches;
  int64_t room = 0;
  for (const size_t i : order) {
    const auto length = static_cast<int64_t>(sequences[i].ids.size());
    if (batches.empty() || length > room) {
      batches.emplace_back();
      room = batch_tokens;
    }
    batches.back().push_back(i);
    room -= length;
  }
  return batches;
}

}  // namespace

void scale_to(std::span<float> vector, double norm) {
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  if (squares == 0) return;
  const double factor = norm / std::sqrt(squares);
  for (float& value : vector) value = static_cast<float>(value * factor);
}

std::vector<Embedding> embed(Session& session, std::span<const Sequence> sequences,
                             const EmbedSettings& settings) {
  check(settings);
  const std::string output = token_output(session.graph());
  std::vector<Embedding> embeddings(sequences.size());
  for (const std::vector<size_t>& together : batches_of(sequences, settings.batch_tokens)) {
    std::vector<Sequence> batch;
    batch.reserve(together.size());
    for (const size_t i : together) batch.push_back(sequences[i]);
    session.encode(batch);
    const ConstView rows = session.output(output);  // [tokens, D]
    for (size_t i = 0; i < together.size(); ++i) {
      const ConstView own = rows.slice(0, session.offsets()[i], session.offsets()[i + 1]);
      embeddings[together[i]] = settings.of_token
                                    ? embedding_of(mapped(own, settings).view(), settings)
                                    : embedding_of(own, settings);
    }
  }
  return embeddings;
}

std::vector<Embedding> embed_sparse(Session& session, std::span<const Sequence> sequences,
                                    const SparsePooling& pooling, int64_t batch_tokens) {
  if (session.graph().spec().task != "masked-lm") {
    throw Error("sparse pooling", "a masked language model", session.graph().spec().task);
  }
  constexpr int64_t rows_at_once = 32;  // a row is as wide as the vocabulary
  std::vector<Embedding> embeddings(sequences.size());
  for (const std::vector<size_t>& together : batches_of(sequences, batch_tokens)) {
    std::vector<Sequence> batch;
    batch.reserve(together.size());
    for (const size_t i : together) batch.push_back(sequences[i]);
    session.encode(batch);
    const std::vector<int64_t> ends(session.offsets().begin(), session.offsets().end());
    for (size_t i = 0; i < together.size(); ++i) {
      Embedding& embedding = embeddings[together[i]];
      for (int64_t first = ends[i]; first < ends[i + 1]; first += rows_at_once) {
        std::vector<int64_t> rows(static_cast<size_t>(std::min(rows_at_once, ends[i + 1] - first)));
        std::iota(rows.begin(), rows.end(), first);
        const ConstView logits = session.logits(rows);
        embedding.width = logits.size(1);
        embedding.values.resize(static_cast<size_t>(embedding.width));
        add_terms(logits, pooling, embedding.values);
      }
    }
  }
  return embeddings;
}

}  // namespace locus
