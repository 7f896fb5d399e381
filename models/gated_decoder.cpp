#include "models/gated_decoder.hpp"

#include "models/rope_config.hpp"

namespace locus {

GatedDecoderConfig::GatedDecoderConfig(const Config& config, const GatedDecoderDefaults& defaults)
    : vocabulary(config.count("vocab_size", defaults.vocabulary)),
      width(config.count("hidden_size", 4096)),
      layers(config.layers("num_hidden_layers", 32)),
      heads(config.count("num_attention_heads", 32)),
      key_heads(heads),
      inner(config.count("intermediate_size", defaults.inner)),
      context(config.count("max_position_embeddings", defaults.context)),
      epsilon(config.number("rms_norm_eps", 1e-6)),
      activation(config.activation("hidden_act", "silu")),
      windows(static_cast<size_t>(layers), 0) {
  if (defaults.key_heads > 0 && !config.is_null("num_key_value_heads")) {
    key_heads = defaults.key_heads;
  }
  key_heads = config.count("num_key_value_heads", key_heads);
  config.share("num_attention_heads", heads, "num_key_value_heads", key_heads);
  head_size = config.has("head_dim")
                  ? config.count("head_dim", 1)
                  : config.share("hidden_size", width, "num_attention_heads", heads);
}

namespace {

const std::string base_path = "model.";

/// Weights with or without their biases.
WeightSlots slots(const GraphBuilder& graph, const std::string& slot, const std::string& path,
                  bool biased) {
  return biased ? graph.affine(slot, path) : graph.product(slot, path);
}

WeightSlots attention_weights(const GraphBuilder& graph, const GatedDecoderConfig& config,
                              const std::string& at) {
  return slots(graph, "query", at + "q_proj", config.query_bias) +
         slots(graph, "key", at + "k_proj", config.query_bias) +
         slots(graph, "value", at + "v_proj", config.query_bias) +
         slots(graph, "output", at + "o_proj", config.output_bias);
}

WeightSlots feed_forward_weights(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                 const std::string& at) {
  return slots(graph, "gate", at + "gate_proj", config.feed_forward_bias) +
         slots(graph, "up", at + "up_proj", config.feed_forward_bias) +
         slots(graph, "down", at + "down_proj", config.feed_forward_bias);
}

std::string add_layer(GraphBuilder& graph, const GatedDecoderConfig& config, int64_t layer,
                      const std::string& input) {
  const std::string block = base_path + "layers." + std::to_string(layer), at = block + ".";
  Attributes attributes = causal_window(config.windows[static_cast<size_t>(layer)]);
  attributes.set("heads", config.heads);
  attributes.set("key_heads", config.key_heads);
  attributes.set("head_size", config.head_size);
  const std::string attended =
      graph.add({at + "self_attn.o_proj",
                 "attention",
                 {graph.rms_norm(at + "input_layernorm", input, config.epsilon)},
                 attributes,
                 attention_weights(graph, config, at + "self_attn."),
                 "position"});
  const std::string middle = graph.sum(at + "self_attn.add", input, attended);
  graph.check_shape(at + "mlp.up_proj.weight", {config.inner, config.width});
  graph.check_shape(at + "mlp.down_proj.weight", {config.width, config.inner});
  const std::string fed =
      graph.add({at + "mlp.down_proj",
                 "feed_forward",
                 {graph.rms_norm(at + "post_attention_layernorm", middle, config.epsilon)},
                 {{"activation", config.activation}},
                 feed_forward_weights(graph, config, at + "mlp."),
                 {}});
  return graph.sum(block, middle, fed);
}

}  // namespace

FamilyGraph build_gated_decoder(const GatedDecoderConfig& sizes, const DecoderNames& names,
                                const Config& config, const Weights& weights) {
  const bool bare = config.architecture({names.bare, names.headed}, names.headed) == names.bare;
  GraphBuilder graph(config, weights, {base_path, bare});
  graph.describe(names.family, bare ? "encoder" : "causal-lm", {sizes.width, sizes.context});

  const RopeConfig rope{config.number("rope_theta", 10000), 0, sizes.context};
  graph.encoding("position", rope_encoding(config, rope), base_path + "position");
  const std::string words =
      graph.embedding(base_path + "embed_tokens", "ids", {sizes.vocabulary, sizes.width});
  std::string last = graph.position(base_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_layer(graph, sizes, layer, last);
  }
  last = graph.rms_norm(base_path + "norm", last, sizes.epsilon);
  graph.output("last_hidden_state", last);
  if (!bare) graph.lm_head({"lm_head", base_path + "embed_tokens.weight", /*tied=*/false}, last);
  graph.ignore(".*rotary_emb\\.inv_freq");
  return graph.finish();
}

}  // namespace locus
