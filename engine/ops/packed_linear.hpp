// A linear map in f32 by our own vector loops. Internal.
#pragma once

#include <memory>

#include "engine/ops/ops.hpp"

namespace locus {

/// Weights in panels: the columns of W^T in groups as wide as a few vectors, each group [K, width],
/// one after the other. The last group is as wide as it needs to be, in whole vectors.
struct PanelProduct {
  ConstView x;           ///< [M, K]
  View y;                ///< [M, N]: all columns
  const float* weight;   ///< packed panels
  const float* bias;     ///< [N] and zeroes up to a whole number of panels
  int64_t first_column;  ///< of the tile: the first of a panel
  int64_t end_column;    ///< of the tile
  Activation activation;
};

std::unique_ptr<PackedLinear> pack_linear_f32(const LinearWeights& weights);

}  // namespace locus
