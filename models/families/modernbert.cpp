// ModernBERT: Warner et al. 2024. Names: transformers' modeling_modernbert.
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

const std::string modernbert_path = "model.";

/// Which layers see a window alone: by `layer_types`, or all but every third.
std::vector<bool> local_layers(const Config& config) {
  const int64_t layers = config.layers("num_hidden_layers", 22);
  const int64_t every = config.count("global_attn_every_n_layers", 3);
  std::vector<bool> locals;
  for (int64_t layer = 0; layer < layers; ++layer) locals.push_back(layer % every != 0);
  return sliding_layers(config, std::move(locals));
}

/// What the config says beside sizes.
struct ModernBertConfig {
  explicit ModernBertConfig(const Config& config)
      : locals(local_layers(config)),
        side(config.count("local_attention", 128) / 2),
        norm_bias(config.boolean("norm_bias", false)),
        attention_bias(config.boolean("attention_bias", false)),
        feed_forward_bias(config.boolean("mlp_bias", false)) {}

  bool local(int64_t layer) const { return locals[static_cast<size_t>(layer)]; }

  std::vector<bool> locals;  ///< by layer: whether it sees a window
  int64_t side;              ///< keys on each side that the others see
  bool norm_bias, attention_bias, feed_forward_bias;
};

WeightSlots perhaps_biased(const GraphBuilder& graph, const std::string& slot,
                           const std::string& path, bool biased) {
  return biased ? graph.affine(slot, path) : graph.product(slot, path);
}

std::string add_modernbert_norm(GraphBuilder& graph, const PostNormConfig& sizes,
                                const std::string& path, const std::string& input) {
  const bool biased = graph.config().boolean("norm_bias", false);
  return graph.add({
      .name = path,
      .kind = "norm",
      .inputs = {input},
      .attributes = {{"kind", "layer"}, {"epsilon", sizes.epsilon}},
      .weights = perhaps_biased(graph, "gain", path, biased),
  });
}

/// The dense map, activation and norm before each classifier.
std::string add_prediction_head(const EncoderEnd& end, const std::string& input) {
  const Config& config = end.graph.config();
  const bool biased = config.boolean("classifier_bias", false);
  const std::string activation = config.activation("classifier_activation", "gelu");
  const std::string dense = end.graph.add({
      .name = "head.activation",
      .kind = "linear",
      .inputs = {input},
      .attributes = {{"activation", activation}},
      .weights = perhaps_biased(end.graph, "weight", "head.dense", biased),
  });
  return add_modernbert_norm(end.graph, end.sizes, "head.norm", dense);
}

void add_modernbert_masked_lm(const EncoderEnd& end) {
  GraphBuilder& graph = end.graph;
  const HeadMatrices matrices{"decoder.weight", end.base + "embeddings.tok_embeddings.weight"};
  WeightSlots weights{{"weight", graph.head_weight(matrices)}};
  if (graph.config().boolean("decoder_bias", true)) weights["bias"] = graph.weight("decoder.bias");
  const std::string last = add_prediction_head(end, graph.requested("head.gather", end.last));
  graph.output("logits", graph.add({
                             .name = "decoder",
                             .kind = "linear",
                             .inputs = {last},
                             .weights = weights,
                         }));
}

std::string pool_sequence(const EncoderEnd& end) {
  const std::string pooling = end.graph.config().text("classifier_pooling", "cls");
  const std::string name = "head.gather";
  if (pooling == "cls") return end.graph.first(name, end.last);
  if (pooling != "mean") {
    end.graph.config().fail("classifier_pooling", "cls or mean", "'" + pooling + "'");
  }
  return end.graph.add({
      .name = name,
      .kind = "pool",
      .inputs = {end.last},
      .attributes = {{"kind", pooling}},
  });
}

std::vector<EncoderHead> modernbert_heads() {
  return {
      {"ModernBertModel", "encoder", [](const EncoderEnd&) {}},
      {"ModernBertForMaskedLM", "masked-lm", add_modernbert_masked_lm, "decoder.bias"},
      {"ModernBertForSequenceClassification", "sequence-classification",
       [](const EncoderEnd& end) {
         add_classifier(end, "classifier", add_prediction_head(end, pool_sequence(end)));
       }},
      {"ModernBertForTokenClassification", "token-classification",
       [](const EncoderEnd& end) {
         add_classifier(end, "classifier", add_prediction_head(end, end.last));
       }},
      {"ModernBertForQuestionAnswering", "question-answering",
       [](const EncoderEnd& end) {
         add_span(end.graph, add_prediction_head(end, end.last), "classifier");
       }},
      {"ModernBertForMultipleChoice", "multiple-choice",
       [](const EncoderEnd& end) {
         add_choice(end.graph, "classifier", add_prediction_head(end, pool_sequence(end)));
       }},
  };
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
                   modernbert_path + "embeddings.position");
  }
}

/// A slot that takes one of several blocks of a stored matrix, and of its bias where there is one.
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

std::string add_modernbert_attention(GraphBuilder& graph, const PostNormConfig& sizes,
                                     int64_t layer, const std::string& input) {
  const ModernBertConfig config(graph.config());
  const std::string at = modernbert_path + "layers." + std::to_string(layer) + ".attn.";
  const int64_t width = sizes.width;
  const WeightSlots fused = perhaps_biased(graph, "weight", at + "Wqkv", config.attention_bias);
  Attributes attributes{{"heads", sizes.heads}, {"head_size", width / sizes.heads}};
  if (config.local(layer)) {
    attributes.set("visibility", "sliding");
    attributes.set("left", config.side);
    attributes.set("right", config.side);
  }
  return graph.add({
      .name = at + "Wo",
      .kind = "attention",
      .inputs = {input},
      .attributes = attributes,
      .weights = block_of(fused, "query", 0, width) + block_of(fused, "key", width, 2 * width) +
                 block_of(fused, "value", 2 * width, 3 * width) +
                 perhaps_biased(graph, "output", at + "Wo", config.attention_bias),
      .encoding = config.local(layer) ? "local" : "global",
  });
}

/// act(first half) * second half.
std::string add_modernbert_feed_forward(GraphBuilder& graph, const PostNormConfig& sizes,
                                        const std::string& at, const std::string& input) {
  const ModernBertConfig config(graph.config());
  const WeightSlots fused = perhaps_biased(graph, "weight", at + "Wi", config.feed_forward_bias);
  graph.check_shape(at + "Wi.weight", {2 * sizes.ffn_width, sizes.width});
  return graph.add({
      .name = at + "Wo",
      .kind = "feed_forward",
      .inputs = {input},
      .attributes = {{"activation", sizes.activation}},
      .weights = block_of(fused, "gate", 0, sizes.ffn_width) +
                 block_of(fused, "up", sizes.ffn_width, 2 * sizes.ffn_width) +
                 perhaps_biased(graph, "down", at + "Wo", config.feed_forward_bias),
  });
}

std::string add_modernbert_layer(GraphBuilder& graph, const PostNormConfig& sizes, int64_t layer,
                                 const std::string& input) {
  const std::string block = modernbert_path + "layers." + std::to_string(layer), at = block + ".";
  // The embeddings are normalised already: the first layer's norm is the identity.
  const std::string normalised =
      layer == 0 ? input : add_modernbert_norm(graph, sizes, at + "attn_norm", input);
  const std::string attended = add_modernbert_attention(graph, sizes, layer, normalised);
  const std::string middle = graph.sum(at + "attn.add", input, attended);
  const std::string fed = add_modernbert_feed_forward(
      graph, sizes, at + "mlp.", add_modernbert_norm(graph, sizes, at + "mlp_norm", middle));
  return graph.sum(block, middle, fed);
}

PostNormConfig modernbert_sizes(const Config& config) {
  PostNormDefaults defaults{.vocabulary = 50368, .layers = 22, .ffn_width = 1152, .types = 0};
  defaults.keys.activation = "hidden_activation";
  PostNormConfig sizes(config, defaults);
  sizes.epsilon = config.number("norm_eps", 1e-5);
  return sizes;
}

FamilyGraph build_modernbert(const Config& config, const Weights& weights) {
  expect_encoder(config);
  config.idle({"decoder_bias", "global_attn_every_n_layers"});  // of one class, of older configs
  const PostNormConfig sizes = modernbert_sizes(config);
  expect_head_dim(config, sizes.width / sizes.heads);
  const std::vector<EncoderHead> heads = modernbert_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {modernbert_path, head.task == "encoder"});
  graph.spec().family = "modernbert";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 8192);

  add_rotations(graph);
  const std::string at = modernbert_path + "embeddings.";
  const std::string words =
      graph.embedding(at + "tok_embeddings", "ids", {sizes.vocabulary, sizes.width});
  std::string last = add_modernbert_norm(graph, sizes, at + "norm",
                                         graph.position(at + "position", words, "global"));
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_modernbert_layer(graph, sizes, layer, last);
  }
  last = add_modernbert_norm(graph, sizes, modernbert_path + "final_norm", last);
  finish_encoder(head, {graph, sizes, modernbert_path, last});
  return graph.finish();
}

}  // namespace

Family modernbert() {
  return {
      .model_type = "modernbert",
      .build = build_modernbert,
      .special = {.bos = 50281, .eos = 50282, .pad = 50283, .all_eos = {50282}},
  };
}

}  // namespace locus::families
