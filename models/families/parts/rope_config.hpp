// Rotary encodings as transformers' configs describe them.
#pragma once

#include <string>

#include "models/families/parts/graph_builder.hpp"

namespace locus {

/// What a family knows beside `rope_scaling`.
struct RopeConfig {
  double base = 10000;
  int64_t rotated = 0;  ///< values of each head that turn; 0: all
  int64_t context = 0;  ///< max_position_embeddings
};

/// Enters half-split rotation with the config's `rope_scaling`, whose keys are those of
/// transformers' modeling_rope_utils, as the encoding `position`. A scaling that follows the
/// sequence's length leaves the graph without a limit. Throws Error for unknown types and missing
/// factors.
void add_rope_encoding(GraphBuilder& graph, const RopeConfig& rope, const std::string& path);

}  // namespace locus
