// Texts as vectors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// How token vectors become one: their mean (special tokens included, as sentence-transformers
/// does), the first one (`cls`), the largest value of each dimension (`max`), or not at all.
enum class Pooling { mean, cls, max, none };

/// `mean`, `cls`, `max`, `none`. Throws Error for another name.
Pooling parse_pooling(std::string_view name);
std::string to_string(Pooling pooling);

struct EmbedSettings {
  Pooling pooling = Pooling::mean;
  double norm = 0;  ///< length that every vector is scaled to, 1 as a rule; 0: left as it is
  int64_t batch_tokens = 2048;
};

/// Vectors of one text: a row, or with `Pooling::none` a row for each token.
struct Embedding {
  int64_t width = 0;
  std::vector<float> values;  ///< [rows, width]
};

/// One result for each sequence, from `last_hidden_state` (an encoder-decoder: of its encoder).
/// Sequences run in ragged batches, of like lengths together. Throws Error for an empty sequence
/// and a graph without token vectors.
std::vector<Embedding> embed(Session& session, std::span<const Sequence> sequences,
                             const EmbedSettings& settings);

}  // namespace locus
