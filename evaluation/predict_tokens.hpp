// How probable a causal model finds each token of given sequences, and which tokens it prefers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// A token that may follow, and how probable it is.
struct TokenChance {
  int32_t id = 0;
  double log_probability = 0;  ///< nats
};

/// A token of a sequence, given those before it.
struct PredictedToken {
  double log_probability = 0;     ///< nats
  std::vector<TokenChance> best;  ///< most probable first; of equal ones the lower id
};

/// Ids as the model reads them, special tokens included.
struct PredictedSequence {
  std::span<const int32_t> ids;
  int64_t first = 1;  ///< the first token that is asked about; token 0 has nothing before it
};

/// For each sequence what is predicted of its tokens `first`, `first` + 1, ...; `top` of the most
/// probable ones for each. Sequences run in ragged batches. Throws Error for a graph that is not
/// causal, an empty sequence, logits that are not finite, and when cancelled.
std::vector<std::vector<PredictedToken>> predict_tokens(
    Session& session, std::span<const PredictedSequence> sequences, int64_t top);

}  // namespace locus
