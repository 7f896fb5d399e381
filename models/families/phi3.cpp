// Phi-3: Abdin et al. 2024, section 2; LongRoPE: Ding et al. 2024. Names: transformers'
// modeling_phi3.
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

/// One matrix for queries, keys and values: [H d + 2 G d, D].
WeightSlots fused_projections(const GraphBuilder& graph, const GatedDecoderConfig& config,
                              const std::string& at) {
  const std::string path = at + "qkv_proj";
  const int64_t q = config.heads * config.head_size, k = config.kv_heads * config.head_size;
  graph.check_shape(path + ".weight", {q + 2 * k, config.width});
  return block_of_rows(graph, {"query", path, 0, q}) +
         block_of_rows(graph, {"key", path, q, q + k}) +
         block_of_rows(graph, {"value", path, q + k, q + 2 * k}) +
         graph.product("output", at + "o_proj");
}

/// One matrix for the gate and what it opens: [2 F, D].
WeightSlots fused_feed_forward(const GraphBuilder& graph, const GatedDecoderConfig& config,
                               const std::string& at) {
  const std::string path = at + "gate_up_proj";
  const int64_t ffn = config.ffn_width;
  graph.check_shape(path + ".weight", {2 * ffn, config.width});
  graph.check_shape(at + "down_proj.weight", {config.width, ffn});
  return block_of_rows(graph, {"gate", path, 0, ffn}) +
         block_of_rows(graph, {"up", path, ffn, 2 * ffn}) + graph.product("down", at + "down_proj");
}

/// A part of each head may stay as it is.
void add_partial_rotation(GraphBuilder& graph, const GatedDecoderConfig& sizes,
                          const std::string& path) {
  const Config& config = graph.config();
  const RopeValues rope = read_rope(config, sizes.rope);
  const std::string type = rope.scaling.text("rope_type", rope.scaling.text("type", "default"));
  if (type != "default" && type != "longrope" && type != "su") {
    rope.scaling.fail("rope_type", "default or longrope", "'" + type + "'");
  }
  const auto rotated = static_cast<int64_t>(static_cast<double>(sizes.head_size) * rope.share);
  add_rope_encoding(
      graph, rope,
      {.rotated = rotated,
       .context = sizes.context,
       .original = config.count(
           "original_max_position_embeddings",
           config.object("rope_parameters").count("original_max_position_embeddings", 4096)),
       .renews = true},
      path);
}

FamilyGraph build_phi3(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config,
      {.vocabulary = 32064, .ffn_width = 8192, .context = 4096, .width = 3072, .epsilon = 1e-5});
  if (config.has("sliding_window")) {
    for (GatedLayer& layer : sizes.each) layer.window = config.count("sliding_window", 1);
  }
  sizes.attention_weights = fused_projections;
  sizes.feed_forward_weights = fused_feed_forward;
  sizes.add_rotations = add_partial_rotation;
  return build_gated_decoder(sizes,
                             {.family = "phi3",
                              .base = "model.",
                              .bare = "Phi3Model",
                              .headed = "Phi3ForCausalLM",
                              .tokens = "score",
                              .answers = false},
                             config, weights);
}

}  // namespace

Family phi3() {
  return {
      .model_type = "phi3",
      .build = build_phi3,
      .special = {.bos = 1, .eos = 32000, .pad = 32000, .all_eos = {32000}},
  };
}

}  // namespace locus::families
