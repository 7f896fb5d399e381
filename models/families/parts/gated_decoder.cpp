#include "models/families/parts/gated_decoder.hpp"

#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {

GatedDecoderConfig::GatedDecoderConfig(const Config& config, const GatedDecoderDefaults& defaults)
    : vocabulary(config.count("vocab_size", defaults.vocabulary)),
      width(config.count("hidden_size", 4096)),
      layers(config.layers("num_hidden_layers", 32)),
      heads(config.count("num_attention_heads", 32)),
      kv_heads(heads),
      ffn_width(config.count("intermediate_size", defaults.ffn_width)),
      context(config.count("max_position_embeddings", defaults.context)),
      epsilon(config.number("rms_norm_eps", 1e-6)),
      activation(config.activation("hidden_act", "silu")),
      windows(static_cast<size_t>(layers), 0) {
  if (defaults.kv_heads > 0 && !config.is_null("num_key_value_heads")) {
    kv_heads = defaults.kv_heads;
  }
  kv_heads = config.count("num_key_value_heads", kv_heads);
  config.share("num_attention_heads", heads, "num_key_value_heads", kv_heads);
  head_size = config.has("head_dim")
                  ? config.count("head_dim", 1)
                  : config.share("hidden_size", width, "num_attention_heads", heads);
}

namespace {

WeightSlots feed_forward_weights(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                 const std::string& at) {
  return linear_slots(graph, "gate", at + "gate_proj", config.feed_forward_bias) +
         linear_slots(graph, "up", at + "up_proj", config.feed_forward_bias) +
         linear_slots(graph, "down", at + "down_proj", config.feed_forward_bias);
}

std::string add_gated_layer(GraphBuilder& graph, const GatedDecoderConfig& config, int64_t layer,
                            const std::string& input) {
  const std::string block = graph.base() + "layers." + std::to_string(layer), at = block + ".";
  const int64_t window = config.windows[static_cast<size_t>(layer)];
  Attributes attributes = causal_attention({config.heads, config.head_size, window});
  attributes.set("key_heads", config.kv_heads);
  const NodeSpec attention{
      .name = at + "self_attn.o_proj",
      .kind = "attention",
      .attributes = attributes,
      .weights = projection_weights(
          graph, {at + "self_attn.", "o_proj", config.query_bias, config.output_bias}),
      .encoding = "position",
  };
  graph.check_shape(at + "mlp.up_proj.weight", {config.ffn_width, config.width});
  graph.check_shape(at + "mlp.down_proj.weight", {config.width, config.ffn_width});
  const NodeSpec fed{
      .name = at + "mlp.down_proj",
      .kind = "feed_forward",
      .attributes = {{"activation", config.activation}},
      .weights = feed_forward_weights(graph, config, at + "mlp."),
  };
  const NormMaker norm = [&](const std::string& path, const std::string& from) {
    return graph.rms_norm(path, from, config.epsilon);
  };
  const std::string middle =
      add_pre_norm(graph, norm, {attention, at + "input_layernorm", at + "self_attn.add"}, input);
  return add_pre_norm(graph, norm, {fed, at + "post_attention_layernorm", block}, middle);
}

}  // namespace

FamilyGraph build_gated_decoder(const GatedDecoderConfig& sizes, const CausalNames& names,
                                const Config& config, const Weights& weights) {
  CausalFrame frame(config, weights, names, {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  const std::string base = graph.base();
  const RopeValues rope = read_rope(config);
  if (rope.share != 1) config.fail("partial_rotary_factor", "1", "another share of the head");
  add_rope_encoding(graph, rope, {.context = sizes.context}, base + "position");
  const std::string words =
      graph.embedding(base + "embed_tokens", "ids", {sizes.vocabulary, sizes.width});
  std::string last = graph.position(base + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_gated_layer(graph, sizes, layer, last);
  }
  last = graph.rms_norm(base + "norm", last, sizes.epsilon);
  graph.ignore(".*rotary_emb\\.inv_freq");
  return frame.finish({"lm_head", base + "embed_tokens.weight", /*tied=*/false}, last);
}

}  // namespace locus::families
