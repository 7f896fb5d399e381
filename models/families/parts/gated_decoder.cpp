#include "models/families/parts/gated_decoder.hpp"

#include "models/families/parts/direction.hpp"

namespace locus::families {

GatedDecoderConfig::GatedDecoderConfig(const Config& config, const GatedDecoderDefaults& defaults)
    : vocabulary(config.count("vocab_size", defaults.vocabulary)),
      width(config.count("hidden_size", defaults.width)),
      layers(config.layers("num_hidden_layers", defaults.layers)),
      heads(config.count("num_attention_heads", defaults.heads)),
      kv_heads(heads),
      ffn_width(config.count("intermediate_size", defaults.ffn_width)),
      context(config.count("max_position_embeddings", defaults.context)),
      epsilon(config.number("rms_norm_eps", defaults.epsilon)),
      activation(config.activation("hidden_act", "silu")),
      each(static_cast<size_t>(layers)) {
  if (defaults.kv_heads > 0 && !config.is_null("num_key_value_heads")) {
    kv_heads = defaults.kv_heads;
  }
  kv_heads = config.count("num_key_value_heads", kv_heads);
  config.share("num_attention_heads", heads, "num_key_value_heads", kv_heads);
  const bool given = config.has("head_dim") || defaults.head_size > 0;
  head_size = given ? config.count("head_dim", defaults.head_size)
                    : config.share("hidden_size", width, "num_attention_heads", heads);
}

void slide_last_layers(const Config& config, GatedDecoderConfig& sizes) {
  // The config's word counts: transformers 4.49 lets the window work where it is not in use,
  // and in the layers below `max_window_layers`, when attention is its eager one.
  const bool windowed =
      config.boolean("use_sliding_window", false) && !config.is_null("sliding_window");
  config.idle({"sliding_window", "max_window_layers"});
  const int64_t first = config.whole("max_window_layers", 28);
  std::vector<bool> last(static_cast<size_t>(sizes.layers));
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last[static_cast<size_t>(layer)] = windowed && layer >= first;
  }
  const std::vector<bool> sliding = sliding_layers(config, last);
  for (size_t layer = 0; layer < sliding.size(); ++layer) {
    if (sliding[layer] && !windowed) {
      config.fail("use_sliding_window", "true where 'layer_types' has sliding layers", "false");
    }
    if (sliding[layer]) sizes.each[layer].window = config.count("sliding_window", 4096);
  }
}

void slide_layers(const Config& config, GatedDecoderConfig& sizes, std::vector<bool> fallback) {
  config.idle({"sliding_window"});  // no layer may slide
  const std::vector<bool> sliding = sliding_layers(config, std::move(fallback));
  for (size_t layer = 0; layer < sliding.size(); ++layer) {
    if (!sliding[layer]) continue;
    if (config.is_null("sliding_window")) {
      config.fail("sliding_window", "a number where layers slide", "null");
    }
    sizes.each[layer].window = config.count("sliding_window", 4096);
  }
}

void slide_but_each(const Config& config, GatedDecoderConfig& sizes, int64_t period) {
  std::vector<bool> sliding;
  for (int64_t layer = 1; layer <= sizes.layers; ++layer) sliding.push_back(layer % period != 0);
  slide_layers(config, sizes, std::move(sliding));
}

WeightSlots separate_projections(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                 const std::string& at) {
  return projection_weights(graph, {at, "o_proj", config.query_bias, config.output_bias});
}

WeightSlots separate_feed_forward(const GraphBuilder& graph, const GatedDecoderConfig& config,
                                  const std::string& at) {
  graph.check_shape(at + "up_proj.weight", {config.ffn_width, config.width});
  graph.check_shape(at + "down_proj.weight", {config.width, config.ffn_width});
  return linear_slots(graph, "gate", at + "gate_proj", config.feed_forward_bias) +
         linear_slots(graph, "up", at + "up_proj", config.feed_forward_bias) +
         linear_slots(graph, "down", at + "down_proj", config.feed_forward_bias);
}

void add_whole_rotation(GraphBuilder& graph, const GatedDecoderConfig& config,
                        const std::string& path) {
  const RopeValues rope = read_rope(graph.config(), config.rope);
  if (rope.share != 1) {
    graph.config().fail("partial_rotary_factor", "1", "another share of the head");
  }
  add_rope_encoding(graph, rope, {.context = config.context}, path);
}

void add_two_rotations(GraphBuilder& graph, const GatedDecoderConfig& sizes,
                       const std::string& path) {
  const Config& config = graph.config();
  const RopeExtent extent{.context = sizes.context};
  const RopeValues whole = read_rope(config, sizes.rope, "full_attention");
  add_rope_encoding(graph, whole, extent, path);
  RopeValues local = read_rope(config, sizes.local_rope, "sliding_attention");
  if (!config.has("rope_parameters")) local.scaling = config.object("rope_parameters");
  graph.encoding("local", {{{"rope", rope_attributes(local, extent)}}, {}}, path);
}

namespace {

Attributes attention_attributes(const GatedDecoderConfig& config, int64_t window) {
  Attributes attributes = causal_attention({config.heads, config.head_size, window});
  attributes.set("kv_heads", config.kv_heads);
  if (config.both_sides) {
    attributes.set("visibility", window > 0 ? "sliding" : "all");
    if (window > 0) attributes.set("right", window - 1);
  }
  if (config.attention_scale != 0) attributes.set("scale", config.attention_scale);
  if (config.score_cap != 0) attributes.set("soft_cap", config.score_cap);
  if (config.normed_heads) {
    attributes.set("norm_epsilon", config.epsilon);
    if (config.gain_offset != 0) attributes.set("norm_gain_offset", config.gain_offset);
  }
  return attributes;
}

NodeSpec gated_attention(const GraphBuilder& graph, const GatedDecoderConfig& config,
                         const GatedLayer& layer, const std::string& at) {
  WeightSlots weights = config.attention_weights(graph, config, at);
  if (config.normed_heads) {
    weights = weights + WeightSlots{{"query_norm", graph.weight(at + "q_norm.weight")},
                                    {"key_norm", graph.weight(at + "k_norm.weight")}};
  }
  return {
      .name = at + "o_proj",
      .kind = "attention",
      .attributes = attention_attributes(config, layer.window),
      .weights = weights,
      .encoding = layer.encoding,
  };
}

/// What adds a part of a layer to its input.
struct Frame {
  std::string at;  // the layer's path, with its dot
  double factor = 1;
};

LayerPart part_of(const Frame& frame, const PartNorms& norms, NodeSpec node, std::string sum) {
  const auto path = [&](const std::string& name) { return name.empty() ? name : frame.at + name; };
  return {std::move(node), path(norms.before), std::move(sum), path(norms.after), frame.factor};
}

std::string add_gated_layer(GraphBuilder& graph, const GatedDecoderConfig& config, int64_t layer,
                            const std::string& input) {
  const std::string block = graph.base() + "layers." + std::to_string(layer), at = block + ".";
  const NodeSpec attention =
      gated_attention(graph, config, config.each[static_cast<size_t>(layer)], at + "self_attn.");
  const NodeSpec fed{
      .name = at + "mlp.down_proj",
      .kind = "feed_forward",
      .attributes = {{"activation", config.activation}},
      .weights = config.feed_forward_weights(graph, config, at + "mlp."),
  };
  const NormMaker norm = [&](const std::string& path, const std::string& from) {
    return graph.rms_norm(path, from, config.epsilon, config.gain_offset);
  };
  const Frame frame{at, config.residual_scale};
  const std::string middle = add_pre_norm(
      graph, norm, part_of(frame, config.attention_norms, attention, at + "self_attn.add"), input);
  return add_pre_norm(graph, norm, part_of(frame, config.feed_forward_norms, fed, block), middle);
}

/// Without a direction, a window reaches as far to either side, its size of keys each.
GatedDecoderConfig turned(const Config& config, GatedDecoderConfig sizes) {
  if (!sees_both_sides(config)) return sizes;
  sizes.both_sides = true;
  for (GatedLayer& layer : sizes.each) {
    if (layer.window > 0) ++layer.window;
  }
  return sizes;
}

}  // namespace

FamilyGraph build_gated_decoder(const GatedDecoderConfig& given, CausalNames names,
                                const Config& config, const Weights& weights) {
  const GatedDecoderConfig sizes = turned(config, given);
  names.both_sides = true;
  CausalFrame frame(config, weights, names, {sizes.width, sizes.context});
  const std::string last = add_gated_layers(frame.graph(), sizes);
  return frame.finish({.path = "lm_head",
                       .table = frame.graph().base() + "embed_tokens.weight",
                       .tied = sizes.tied,
                       .scale = sizes.logit_scale,
                       .soft_cap = sizes.logit_cap},
                      last);
}

std::string add_gated_layers(GraphBuilder& graph, const GatedDecoderConfig& sizes) {
  const std::string base = graph.base();
  sizes.add_rotations(graph, sizes, base + "position");
  const std::string words = graph.scaled_embedding(
      base + "embed_tokens", {sizes.vocabulary, sizes.width}, sizes.embedding_scale);
  std::string last = graph.position(base + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_gated_layer(graph, sizes, layer, last);
  }
  graph.ignore(".*rotary_emb\\.inv_freq");
  return graph.rms_norm(base + "norm", last, sizes.epsilon, sizes.gain_offset);
}

}  // namespace locus::families
