// Rotary encodings as transformers' configs describe them.
#pragma once

#include <string>

#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// Where a config class kept its rotation before transformers 5, which puts all of it into
/// `rope_parameters`.
struct RopeKeys {
  const char* base = "rope_theta";
  double default_base = 10000;
  const char* share = "partial_rotary_factor";
  double default_share = 1;
};

/// What a config says of one rotation.
struct RopeValues {
  double base;     ///< theta
  double share;    ///< of each head that turns
  Config scaling;  ///< the object that holds `rope_type` and its factors; an empty one for none
  int64_t original = 0;  ///< length that the config itself states; 0: none
};

/// Reads `rope_parameters`, or the older keys and `rope_scaling`. `layer_type` names the object
/// inside `rope_parameters` where a class has one for each type of layer. Throws Error where both
/// places are filled and contradict each other.
RopeValues read_rope(const Config& config, const RopeKeys& keys = {},
                     const std::string& layer_type = "");

/// For classes whose heads share the width and whose rotation alone reads `head_dim`: throws Error
/// where that is another number.
void expect_head_dim(const Config& config, int64_t head_size);

/// What a family knows beside the config's word.
struct RopeExtent {
  int64_t rotated = 0;  ///< values of each head that turn; 0: all
  int64_t context = 0;  ///< max_position_embeddings
  /// The length of the training where the config itself has it, beside the rotation; 0: it does
  /// not.
  int64_t original = 0;
  bool renews = false;  ///< whether generation renews cached keys beyond it (LongRoPE of Phi-3)
};

/// The parameters of the scheme `rope`: half-split pairs and the scaling, whose keys
/// are those of transformers' modeling_rope_utils. Throws Error for unknown types and missing
/// factors.
Attributes rope_attributes(const RopeValues& rope, const RopeExtent& extent);

/// Enters them as the encoding `position`, and what the scaling does to the graph's context: factor
/// times the original length; no limit where the scaling follows the sequence's length.
void add_rope_encoding(GraphBuilder& graph, const RopeValues& rope, const RopeExtent& extent,
                       const std::string& path);

/// What each layer sees by `layer_types`, which transformers 5 writes: whether its attention is a
/// sliding one. `fallback` where the key is absent. Throws Error for other types, and for another
/// number of layers.
std::vector<bool> sliding_layers(const Config& config, std::vector<bool> fallback);

}  // namespace locus::families
