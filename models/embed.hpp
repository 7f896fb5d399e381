// Texts as vectors.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// How the vectors of a text's tokens become one. Special tokens count, as in sentence-transformers
/// (Reimers and Gurevych 2019, section 3), whose names these are:
/// - `mean`: the sum over n tokens divided by n; `mean_sqrt_length`: divided by sqrt(n)
/// - `weighted_mean`: token i (from 1 on) counts i times (Muennighoff 2022)
/// - `cls`: the first token's; `last_token`: the last one's
/// - `max`: the largest value of each dimension
/// - `none`: a vector for each token
enum class Pooling { mean, cls, max, mean_sqrt_length, weighted_mean, last_token, none };

/// `mean`, `cls`, `max`, `mean_sqrt_len_tokens`, `weightedmean`, `lasttoken`, `none`. Throws Error
/// for another name.
Pooling parse_pooling(std::string_view name);
std::string to_string(Pooling pooling);

/// Terms of a token in a vector over the vocabulary, w = ln(1 + max(0, logit)), over all tokens of
/// a text (SPLADE: Formal et al. 2021, section 3.1).
struct SparsePooling {
  bool sum = false;    ///< added up over the tokens instead of their largest
  bool twice = false;  ///< ln(1 + w) once more (Shen et al. 2025)
};

struct EmbedSettings {
  std::vector<Pooling> poolings = {Pooling::mean};  ///< several: their vectors end to end
  /// Leading tokens that `poolings` leaves out: those of a prompt. Positions still count them.
  int64_t skipped = 0;
  /// From a token's vector to the one that is pooled; empty: as it is.
  std::function<std::vector<float>(std::vector<float>)> of_token = {};
  double norm = 0;  ///< length that every vector is scaled to, 1 as a rule; 0: left as it is
  int64_t batch_tokens = 2048;  ///< tokens that run together; at least one sequence does
};

/// Vectors of one text: a row, or with `Pooling::none` a row for each token.
struct Embedding {
  int64_t width = 0;
  std::vector<float> values;  ///< [rows, width]
};

/// One result for each sequence, from `last_hidden_state` (an encoder-decoder: of its encoder).
/// Sequences run in ragged batches, of like lengths together. Throws Error for an empty sequence, a
/// graph without token vectors, `none` beside another pooling, and `max` over no token.
std::vector<Embedding> embed(Session& session, std::span<const Sequence> sequences,
                             const EmbedSettings& settings);

/// Texts as weights of the vocabulary's terms, from the logits of a masked language model.
/// [vocabulary]
std::vector<Embedding> embed_sparse(Session& session, std::span<const Sequence> sequences,
                                    const SparsePooling& pooling, int64_t batch_tokens = 2048);

/// Scales a vector to a length; one of zeroes has no direction and stays as it is.
void scale_to(std::span<float> vector, double norm);

}  // namespace locus
