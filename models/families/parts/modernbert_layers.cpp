#include "models/families/parts/modernbert_layers.hpp"

#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

/// Which layers see a window alone: by `layer_types`, or all but every third.
std::vector<bool> local_layers(const Config& config) {
  const int64_t layers = config.layers("num_hidden_layers", 22);
  const int64_t every = config.count("global_attn_every_n_layers", 3);
  std::vector<bool> locals;
  for (int64_t layer = 0; layer < layers; ++layer) locals.push_back(layer % every != 0);
  return sliding_layers(config, std::move(locals));
}

std::string add_modernbert_norm(GraphBuilder& graph, const PostNormConfig& sizes,
                                const std::string& path, const std::string& input) {
  const bool biased = graph.config().boolean("norm_bias", false);
  return graph.add({
      .name = path,
      .kind = "norm",
      .inputs = {input},
      .attributes = {{"kind", "layer"}, {"epsilon", sizes.epsilon}},
      .weights = linear_slots(graph, "gain", path, biased),
  });
}

/// Older configs say with null that layers with a window turn as the others do.
double nearby_base(const Config& config, double everywhere) {
  return config.is_null("local_rope_theta") ? everywhere : 10000;
}

/// Two rotations: layers that see a window have a base of their own.
void add_rotations(GraphBuilder& graph) {
  const Config& config = graph.config();
  const Config scaling = config.object("rope_scaling");
  const std::string type = scaling.text("rope_type", scaling.text("type", "default"));
  if (type != "default") scaling.fail("rope_type", "default", "'" + type + "'");
  const RopeExtent extent{.context = graph.spec().context};
  const RopeValues everywhere =
      read_rope(config, {.base = "global_rope_theta", .default_base = 160000}, "full_attention");
  const RopeValues nearby = read_rope(
      config, {.base = "local_rope_theta", .default_base = nearby_base(config, everywhere.base)},
      "sliding_attention");
  for (const auto& [name, rope] : {std::pair{"global", everywhere}, {"local", nearby}}) {
    if (rope.share != 1) config.fail("partial_rotary_factor", "1", "another share of the head");
    graph.encoding(name, {{{"rope", rope_attributes(rope, extent)}}, {}},
                   graph.base() + "embeddings.position");
  }
}

/// act(first half) * second half.
std::string add_modernbert_feed_forward(GraphBuilder& graph, const PostNormConfig& sizes,
                                        const std::string& at, const std::string& input) {
  const ModernBertConfig config(graph.config());
  const WeightSlots fused = linear_slots(graph, "weight", at + "Wi", config.feed_forward_bias);
  graph.check_shape(at + "Wi.weight", {2 * sizes.ffn_width, sizes.width});
  return graph.add({
      .name = at + "Wo",
      .kind = "feed_forward",
      .inputs = {input},
      .attributes = {{"activation", sizes.activation}},
      .weights = block_of(fused, "gate", 0, sizes.ffn_width) +
                 block_of(fused, "up", sizes.ffn_width, 2 * sizes.ffn_width) +
                 linear_slots(graph, "down", at + "Wo", config.feed_forward_bias),
  });
}

std::string add_modernbert_layer(GraphBuilder& graph, const PostNormConfig& sizes,
                                 ModernBertAttention attention, int64_t layer,
                                 const std::string& input) {
  const std::string block = graph.base() + "layers." + std::to_string(layer), at = block + ".";
  // The embeddings are normalised already: the first layer's norm is the identity.
  NodeSpec attended = attention(graph, sizes, layer, at + "attn.");
  attended.inputs = {layer == 0 ? input
                                : add_modernbert_norm(graph, sizes, at + "attn_norm", input)};
  const std::string middle = graph.sum(at + "attn.add", input, graph.add(std::move(attended)));
  const std::string fed = add_modernbert_feed_forward(
      graph, sizes, at + "mlp.", add_modernbert_norm(graph, sizes, at + "mlp_norm", middle));
  return graph.sum(block, middle, fed);
}

}  // namespace

ModernBertConfig::ModernBertConfig(const Config& config)
    : locals(local_layers(config)),
      side(config.count("local_attention", 128) / 2),
      norm_bias(config.boolean("norm_bias", false)),
      attention_bias(config.boolean("attention_bias", false)),
      feed_forward_bias(config.boolean("mlp_bias", false)) {}

PostNormConfig modernbert_sizes(const Config& config) {
  PostNormDefaults defaults{.vocabulary = 50368, .layers = 22, .ffn_width = 1152, .types = 0};
  defaults.keys.activation = "hidden_activation";
  PostNormConfig sizes(config, defaults);
  sizes.epsilon = config.number("norm_eps", 1e-5);
  return sizes;
}

WeightSlots block_of(const WeightSlots& whole, const std::string& slot, int64_t begin,
                     int64_t end) {
  WeightSlots part;
  for (const auto& [name, reference] : whole) {
    WeightRef block = reference;
    block.steps = {slice(0, begin, end)};
    part[name == "weight" ? slot : slot + "_bias"] = block;
  }
  return part;
}

std::string add_modernbert_layers(GraphBuilder& graph, const PostNormConfig& sizes,
                                  ModernBertAttention attention) {
  add_rotations(graph);
  const std::string at = graph.base() + "embeddings.";
  const std::string words =
      graph.embedding(at + "tok_embeddings", "ids", {sizes.vocabulary, sizes.width});
  std::string last = add_modernbert_norm(graph, sizes, at + "norm",
                                         graph.position(at + "position", words, "global"));
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_modernbert_layer(graph, sizes, attention, layer, last);
  }
  return add_modernbert_norm(graph, sizes, graph.base() + "final_norm", last);
}

std::string add_prediction_head(const EncoderEnd& end, const std::string& path,
                                const std::string& input) {
  const Config& config = end.graph.config();
  const bool biased = config.boolean("classifier_bias", false);
  const std::string activation = config.activation("classifier_activation", "gelu");
  const std::string dense = end.graph.add({
      .name = path + ".activation",
      .kind = "linear",
      .inputs = {input},
      .attributes = {{"activation", activation}},
      .weights = linear_slots(end.graph, "weight", path + ".dense", biased),
  });
  return add_modernbert_norm(end.graph, end.sizes, path + ".norm", dense);
}

void add_modernbert_words(const EncoderEnd& end, const std::string& path) {
  GraphBuilder& graph = end.graph;
  const HeadMatrices matrices{"decoder.weight", end.base + "embeddings.tok_embeddings.weight"};
  WeightSlots weights{{"weight", graph.head_weight(matrices)}};
  if (graph.config().boolean("decoder_bias", true)) weights["bias"] = graph.weight("decoder.bias");
  const std::string last =
      add_prediction_head(end, path, graph.requested(path + ".gather", end.last));
  graph.output("logits", graph.add({
                             .name = "decoder",
                             .kind = "linear",
                             .inputs = {last},
                             .weights = weights,
                         }));
}

}  // namespace locus::families
