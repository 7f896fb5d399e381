// What Llama and its kin share: decoder layers with a rotation, RMS norms and a gated feed-forward.

#pragma once

#include <string>
#include <vector>

#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {

/// The defaults of a model type's own config class.
struct GatedDecoderDefaults {
  int64_t vocabulary, ffn_width, context;
  int64_t kv_heads = 0;  ///< 0: as many as heads
  int64_t width = 4096, layers = 32, heads = 32;
  int64_t head_size = 0;  ///< 0: a head's share of the width
  double epsilon = 1e-6;
};

/// Norms around one part of a layer, by their names in it; an empty name: none.
struct PartNorms {
  std::string before, after;
};

struct GatedDecoderConfig;
/// The weights of one part of a layer, which lies at a path.
using PartWeights = WeightSlots (*)(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                    const std::string& at);
/// Enters the encodings that layers name.
using RotationMaker = void (*)(GraphBuilder& graph, const GatedDecoderConfig& config,
                               const std::string& path);

/// `q_proj`, `k_proj`, `v_proj`, `o_proj`.
WeightSlots separate_projections(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                 const std::string& at);
/// `gate_proj`, `up_proj`, `down_proj`.
WeightSlots separate_feed_forward(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                  const std::string& at);
/// One rotation of whole heads, `position`.
void add_whole_rotation(GraphBuilder& graph, const GatedDecoderConfig& config,
                        const std::string& path);
/// A rotation for each type of layer: `position`, and `local` of those that slide. The older
/// scaling is that of layers that see whole texts.
void add_two_rotations(GraphBuilder& graph, const GatedDecoderConfig& config,
                       const std::string& path);

/// What one layer's attention sees, and by which encoding.
struct GatedLayer {
  int64_t window = 0;  ///< keys that a query sees, itself included; 0: all
  std::string encoding = "position";
};

/// Sizes and values of Llama-like configs. What the families differ by is theirs to set.
struct GatedDecoderConfig {
  GatedDecoderConfig(const Config& config, const GatedDecoderDefaults& defaults);

  int64_t vocabulary, width, layers, heads, kv_heads, head_size = 0, ffn_width, context;
  double epsilon;
  std::string activation;
  std::vector<GatedLayer> each;  ///< layers
  bool query_bias = false;       ///< of queries, keys and values
  bool output_bias = false;
  bool feed_forward_bias = false;
  bool tied = false;           ///< class default of `tie_word_embeddings`
  bool normed_heads = false;   ///< whether queries and keys have norms of their own
  bool both_sides = false;     ///< whether a query sees what follows it too
  double gain_offset = 0;      ///< of every norm
  double embedding_scale = 1;  ///< of token vectors
  double attention_scale = 0;  ///< of scores; 0: 1 / sqrt(d)
  double score_cap = 0;        ///< 0: none
  double logit_cap = 0;        ///< 0: none
  double logit_scale = 1;
  double residual_scale = 1;  ///< of what attention and feed-forward add
  PartNorms attention_norms{"input_layernorm", ""};
  PartNorms feed_forward_norms{"post_attention_layernorm", ""};
  RopeKeys rope = {};
  RopeKeys local_rope = {};  ///< of layers that slide, where they have their own
  PartWeights attention_weights = separate_projections;
  PartWeights feed_forward_weights = separate_feed_forward;
  RotationMaker add_rotations = add_whole_rotation;
};

/// Windows as Qwen's configs have them: of the layers from `max_window_layers` on, or of those that
/// `layer_types` names.
void slide_last_layers(const Config& config, GatedDecoderConfig& sizes);

/// Windows of `sliding_window` (4096 where it is absent): of the layers that `layer_types` names,
/// or of those that `fallback` does.
void slide_layers(const Config& config, GatedDecoderConfig& sizes, std::vector<bool> fallback);
/// `slide_layers` where, without `layer_types`, every `period`-th layer sees all and the others
/// slide.
void slide_but_each(const Config& config, GatedDecoderConfig& sizes, int64_t period);

/// Token vectors, layers and the last norm, with the encodings that they name. Returns the node.
std::string add_gated_layers(GraphBuilder& graph, const GatedDecoderConfig& sizes);

/// `names.base` is `model.`
FamilyGraph build_gated_decoder(const GatedDecoderConfig& given, CausalNames names,
                                const Config& config, const Weights& weights);

}  // namespace locus::families
