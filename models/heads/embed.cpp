#include "models/embed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.hpp"

namespace locus {
namespace {

constexpr std::array<std::pair<std::string_view, Pooling>, 4> poolings{{
    {"mean", Pooling::mean},
    {"cls", Pooling::cls},
    {"max", Pooling::max},
    {"none", Pooling::none},
}};

std::vector<float> mean_of(ConstView rows) {
  std::vector<double> sums(static_cast<size_t>(rows.size(1)));
  for (int64_t row = 0; row < rows.size(0); ++row) {
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += rows.row(row)[i];
  }
  std::vector<float> means;
  for (const double sum : sums) {
    means.push_back(static_cast<float>(sum / static_cast<double>(rows.size(0))));
  }
  return means;
}

std::vector<float> largest_of(ConstView rows) {
  std::vector<float> largest(rows.row(0).begin(), rows.row(0).end());
  for (int64_t row = 1; row < rows.size(0); ++row) {
    for (size_t i = 0; i < largest.size(); ++i) {
      largest[i] = std::max(largest[i], rows.row(row)[i]);
    }
  }
  return largest;
}

std::vector<float> all_of(ConstView rows) {
  std::vector<float> values;
  for (int64_t row = 0; row < rows.size(0); ++row) {
    values.insert(values.end(), rows.row(row).begin(), rows.row(row).end());
  }
  return values;
}

// rows: [T, D]
std::vector<float> pool(ConstView rows, Pooling pooling) {
  switch (pooling) {
    case Pooling::mean:
      return mean_of(rows);
    case Pooling::cls:
      return all_of(rows.slice(0, 0, 1));
    case Pooling::max:
      return largest_of(rows);
    case Pooling::none:
      return all_of(rows);
  }
  throw Error("pooling", "mean, cls, max or none", std::to_string(static_cast<int>(pooling)));
}

// A vector of zeroes has no direction and stays as it is.
void scale_to(std::span<float> vector, double norm) {
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  if (squares == 0) return;
  const double factor = norm / std::sqrt(squares);
  for (float& value : vector) value = static_cast<float>(value * factor);
}

Embedding embedding_of(ConstView rows, const EmbedSettings& settings) {
  Embedding embedding{rows.size(1), pool(rows, settings.pooling)};
  if (settings.norm == 0) return embedding;
  const auto width = static_cast<size_t>(embedding.width);
  for (size_t begin = 0; begin < embedding.values.size(); begin += width) {
    scale_to(std::span(embedding.values).subspan(begin, width), settings.norm);
  }
  return embedding;
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

Pooling parse_pooling(std::string_view name) {
  for (const auto& [known, pooling] : poolings) {
    if (known == name) return pooling;
  }
  throw Error("pooling", "mean, cls, max or none", std::string(name));
}

std::string to_string(Pooling pooling) {
  const auto* row = std::find_if(poolings.begin(), poolings.end(),
                                 [&](const auto& entry) { return entry.second == pooling; });
  return std::string(row->first);
}

std::vector<Embedding> embed(Session& session, std::span<const Sequence> sequences,
                             const EmbedSettings& settings) {
  const std::string output = token_output(session.graph());
  std::vector<Embedding> embeddings(sequences.size());
  for (const std::vector<size_t>& together : batches_of(sequences, settings.batch_tokens)) {
    std::vector<Sequence> batch;
    for (const size_t i : together) batch.push_back(sequences[i]);
    session.encode(batch);
    const ConstView rows = session.output(output);  // [tokens, D]
    for (size_t i = 0; i < together.size(); ++i) {
      const ConstView own = rows.slice(0, session.offsets()[i], session.offsets()[i + 1]);
      embeddings[together[i]] = embedding_of(own, settings);
    }
  }
  return embeddings;
}

}  // namespace locus
