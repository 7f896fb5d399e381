// How far a model's attention reaches.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../engine/session.hpp"
#include "../engine/tensor.hpp"

namespace locus {

/// Distances fall into bins: 0, 1, 2, 3 to 4, 5 to 8, 9 to 16, ...
int64_t reach_bin(int64_t distance);
/// `0`, `2`, `5-8`
std::string reach_bin_name(int64_t bin);

/// The mass that the heads of one attention node give to keys by their distance |key - query|.
struct AttentionReach {
  std::string node;
  Tensor shares;  ///< each row sums to 1. [H, bins]
};

/// Encodes the sequences and sums attention up as it is computed; no matrix of queries by keys is
/// kept. Cross-attention is left out. The result does not depend on the number of threads. Throws
/// what `Session::encode` throws.
std::vector<AttentionReach> measure_reach(Session& session, std::span<const Sequence> sequences);

}  // namespace locus
