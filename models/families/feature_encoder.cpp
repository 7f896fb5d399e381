// An encoder of dense features, as speech Transformers have it: Dong et al. 2018,
// Speech-Transformer, section 3. A config of our own; names of layers as in BART.
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

struct FeatureSizes {
  explicit FeatureSizes(const Config& config)
      : features(config.count("feature_size", 80, 1 << 20)),
        width(config.count("d_model", 512)),
        layers(config.layers("encoder_layers", 6)),
        heads(config.count("encoder_attention_heads", 8)),
        ffn_width(config.count("encoder_ffn_dim", 2048)),
        head_size(config.share("d_model", width, "encoder_attention_heads", heads)),
        epsilon(config.number("layer_norm_eps", 1e-5)),
        activation(config.activation("activation_function", "relu")) {}

  int64_t features, width, layers, heads, ffn_width, head_size;
  double epsilon;
  std::string activation;
};

const std::string feature_encoding = "encoder";

std::string add_feature_layer(GraphBuilder& graph, const FeatureSizes& sizes, const std::string& at,
                              const std::string& input) {
  const NormMaker norm = layer_norm_of(graph, sizes.epsilon);
  const NodeSpec attention{
      .name = at + "self_attn.out_proj",
      .kind = "attention",
      .attributes = {{"heads", sizes.heads}, {"head_size", sizes.head_size}, {"visibility", "all"}},
      .weights = projection_weights(graph, {.at = at + "self_attn."}),
      .encoding = feature_encoding,
  };
  const std::string middle = add_post_norm(
      graph, norm, {attention, at + "self_attn_layer_norm", at + "self_attn.add"}, input);
  const NodeSpec fed = feed_forward_node(
      graph, {at + "fc1", at + "fc2", sizes.width, sizes.ffn_width, sizes.activation});
  return add_post_norm(graph, norm, {fed, at + "final_layer_norm", at + "add"}, middle);
}

FamilyGraph build_feature_encoder(const Config& config, const Weights& weights) {
  const FeatureSizes sizes(config);
  const std::string bare = "FeatureEncoderModel";
  config.architecture({bare}, bare);
  GraphBuilder graph(config, weights, {"encoder.", true});
  graph.describe("feature_encoder", "encoder", {sizes.width, 0});
  const std::string frames = graph.add({
      .name = "features",
      .kind = "features",
      .attributes = {{"width", sizes.features}},
  });
  graph.check_shape("feature_projection.weight", {sizes.width, sizes.features});
  const std::string projected = graph.linear("feature_projection", frames, "feature_projection");
  const std::string normed = graph.layer_norm("feature_norm", projected, sizes.epsilon);
  graph.encoding(feature_encoding, {{{"sinusoidal", {}}}, {}}, "position");
  std::string last = graph.position("position", normed, feature_encoding);
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_feature_layer(graph, sizes, "layers." + std::to_string(layer) + ".", last);
  }
  graph.output("last_hidden_state", last);
  return graph.finish();
}

}  // namespace

Family feature_encoder() {
  return {
      .model_type = "feature_encoder",
      .build = build_feature_encoder,
  };
}

}  // namespace locus::families
