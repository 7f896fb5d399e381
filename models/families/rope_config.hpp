// Rotary encodings as transformers' configs describe them. Internal: not installed.
#pragma once

#include "engine/graph_spec.hpp"
#include "models/config.hpp"

namespace locus {

/// What a family knows beside `rope_scaling`.
struct RopeConfig {
  double base = 10000;
  int64_t rotated = 0;  ///< values of each head that turn; 0: all
  int64_t context = 0;  ///< max_position_embeddings
};

/// Half-split rotation with the config's `rope_scaling`, whose keys are those of
/// transformers' modeling_rope_utils. Throws Error for unknown types and missing factors.
EncodingSpec rope_encoding(const Config& config, const RopeConfig& rope);

}  // namespace locus
