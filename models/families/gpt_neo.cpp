// GPT-Neo: Black et al. 2021. Names: transformers' modeling_gpt_neo.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string gpt_neo_path = "transformer.";

/// What each layer sees. The class derives `attention_layers` from `attention_types`, then lets a
/// list that the config states take its place.
std::vector<std::string> layer_reach(const Config& config, int64_t layers) {
  std::vector<std::string> derived = config.repeated_names("attention_types", layers);
  std::vector<std::string> stated = config.names("attention_layers");
  if (stated.empty()) return derived;
  if (static_cast<int64_t>(stated.size()) != layers) {
    config.fail("attention_layers", "of " + std::to_string(layers) + " layers",
                std::to_string(stated.size()));
  }
  return stated;
}

struct GptNeoConfig {
  explicit GptNeoConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 50257)),
        width(config.count("hidden_size", 2048)),
        layers(config.layers(config.either("num_layers", "num_hidden_layers"), 24)),
        heads(config.count(config.either("num_heads", "num_attention_heads"), 16)),
        head_size(config.share("hidden_size", width, "num_heads", heads)),
        ffn_width(config.count("intermediate_size", 4 * width)),
        context(config.count("max_position_embeddings", 2048)),
        window(config.count("window_size", 256)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        activation(config.activation("activation_function", "gelu_new")),
        reach(layer_reach(config, layers)) {
    if (reach.empty()) {
      for (int64_t layer = 0; layer < layers; ++layer) {
        reach.push_back(layer % 2 == 0 ? "global" : "local");
      }
    }
    for (const std::string& each : reach) {
      if (each == "global" || each == "local") continue;
      config.fail("attention_types", "of global and local layers", "'" + each + "'");
    }
  }
  int64_t window_of(int64_t layer) const {
    return reach[static_cast<size_t>(layer)] == "local" ? window : 0;
  }

  int64_t vocabulary, width, layers, heads, head_size, ffn_width, context, window;
  double epsilon;
  std::string activation;
  std::vector<std::string> reach;  ///< of each layer: `global` or `local`
};

std::string add_gpt_neo_layer(GraphBuilder& graph, const GptNeoConfig& config, int64_t layer,
                              const std::string& input) {
  const std::string block = gpt_neo_path + "h." + std::to_string(layer), at = block + ".";
  const std::string own = at + "attn.attention.";
  Attributes attributes =
      causal_attention({config.heads, config.head_size, config.window_of(layer)});
  attributes.set("scale", 1.0);  // of no division by sqrt(d): GPT-Neo has none
  const NodeSpec attention{
      .name = own + "out_proj",
      .kind = "attention",
      .attributes = attributes,
      .weights = projection_weights(graph, {.at = own, .query_bias = false, .output_bias = true}),
      .encoding = "position",
  };
  const NodeSpec fed = feed_forward_node(graph, {at + "mlp.c_fc", at + "mlp.c_proj", config.width,
                                                 config.ffn_width, config.activation});
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string middle =
      add_pre_norm(graph, norm, {attention, at + "ln_1", own + "add"}, input);
  return add_pre_norm(graph, norm, {fed, at + "ln_2", block}, middle);
}

FamilyGraph build_gpt_neo(const Config& config, const Weights& weights) {
  const GptNeoConfig sizes(config);
  CausalFrame frame(config, weights,
                    {.family = "gpt_neo",
                     .base = gpt_neo_path,
                     .bare = "GPTNeoModel",
                     .headed = "GPTNeoForCausalLM"},
                    {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  graph.learned_encoding(
      {"position", gpt_neo_path + "position", gpt_neo_path + "wpe", sizes.context, sizes.width});
  const std::string words =
      graph.embedding(gpt_neo_path + "wte", "ids", {sizes.vocabulary, sizes.width});
  std::string last = graph.position(gpt_neo_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_gpt_neo_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(gpt_neo_path + "ln_f", last, sizes.epsilon);
  graph.ignore("(transformer\\.)?h\\.\\d+\\.attn\\.attention\\.(bias|masked_bias)");
  return frame.finish({"lm_head", gpt_neo_path + "wte.weight", /*tied=*/true}, last);
}

}  // namespace

Family gpt_neo() {
  return {
      .model_type = "gpt_neo",
      .build = build_gpt_neo,
      .special = {.bos = 50256, .eos = 50256, .all_eos = {50256}},
  };
}

}  // namespace locus::families
