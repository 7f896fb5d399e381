// What Llama, Mistral and Qwen2 share: rotary, pre-norm decoder layers with a gated feed-forward.

#pragma once

#include <string>
#include <vector>

#include "models/families/parts/causal_frame.hpp"

namespace locus::families {

/// The defaults of a model type's own config class.
struct GatedDecoderDefaults {
  int64_t vocabulary, ffn_width, context;
  int64_t kv_heads = 0;  ///< 0: as many as heads
};

/// Sizes and values of Llama-like configs. What the families differ by is theirs to set.
struct GatedDecoderConfig {
  GatedDecoderConfig(const Config& config, const GatedDecoderDefaults& defaults);

  int64_t vocabulary, width, layers, heads, kv_heads, head_size = 0, ffn_width, context;
  double epsilon;
  std::string activation;
  bool query_bias = false;  ///< of queries, keys and values
  bool output_bias = false;
  bool feed_forward_bias = false;
  std::vector<int64_t> windows;  ///< by layer: keys that a query sees, itself included; 0: all
};

/// `names.base` is `model.`
FamilyGraph build_gated_decoder(const GatedDecoderConfig& sizes, const CausalNames& names,
                                const Config& config, const Weights& weights);

}  // namespace locus::families
