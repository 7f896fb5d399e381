// GPT-2: Radford et al. 2019. Names: transformers' modeling_gpt2.
#include <cmath>

#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string gpt2_path = "transformer.";

struct Gpt2Config {
  explicit Gpt2Config(const Config& config)
      : width(config.count(config.either("n_embd", "hidden_size"), 768)),
        layers(config.layers(config.either("n_layer", "num_hidden_layers"), 12)),
        heads(config.count(config.either("n_head", "num_attention_heads"), 12)),
        head_size(config.share("n_embd", width, "n_head", heads)),
        ffn_width(config.count("n_inner", 4 * width)),
        context(config.count(config.either("n_positions", "max_position_embeddings"), 1024)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        activation(config.activation("activation_function", "gelu_new")),
        scaled(config.boolean("scale_attn_weights", true)),
        scaled_by_layer(config.boolean("scale_attn_by_inverse_layer_idx", false)) {
    if (config.boolean("add_cross_attention", false)) {
      config.fail("add_cross_attention", "false", "true");
    }
  }
  double scale(int64_t layer) const {
    const double scale = scaled ? 1 / std::sqrt(static_cast<double>(head_size)) : 1;
    return scaled_by_layer ? scale / static_cast<double>(layer + 1) : scale;
  }

  int64_t width, layers, heads, head_size, ffn_width, context;
  double epsilon;
  std::string activation;
  bool scaled, scaled_by_layer;
};

std::string add_gpt2_layer(GraphBuilder& graph, const Gpt2Config& config, int64_t layer,
                           const std::string& input) {
  const std::string block = gpt2_path + "h." + std::to_string(layer), at = block + ".";
  const int64_t width = config.width;
  const FusedProduct fused{at + "attn.c_attn", config.heads, config.head_size, width};
  Attributes attributes = causal_attention({config.heads, config.head_size});
  attributes.set("scale", config.scale(layer));
  const NodeSpec attention{
      .name = at + "attn.c_proj",
      .kind = "attention",
      .attributes = attributes,
      .weights =
          side_by_side_convolution(graph, fused) + convolution(graph, "output", at + "attn.c_proj"),
      .encoding = "position",
  };
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string middle =
      add_pre_norm(graph, norm, {attention, at + "ln_1", at + "attn.add"}, input);
  const NodeSpec fed = convolution_feed_forward(
      graph, {at + "mlp.c_fc", at + "mlp.c_proj", width, config.ffn_width, config.activation});
  return add_pre_norm(graph, norm, {fed, at + "ln_2", block}, middle);
}

FamilyGraph build_gpt2(const Config& config, const Weights& weights) {
  const Gpt2Config sizes(config);
  CausalNames names{
      .family = "gpt2", .base = gpt2_path, .bare = "GPT2Model", .headed = "GPT2LMHeadModel"};
  names.chooses = true;
  CausalFrame frame(config, weights, names, {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  graph.learned_encoding(
      {"position", gpt2_path + "position", gpt2_path + "wpe", sizes.context, sizes.width});
  const std::string words =
      graph.embedding(gpt2_path + "wte", "ids", {config.count("vocab_size", 50257), sizes.width});
  std::string last = graph.position(gpt2_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_gpt2_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(gpt2_path + "ln_f", last, sizes.epsilon);
  graph.ignore("(transformer\\.)?h\\.\\d+\\.attn\\.(bias|masked_bias)");
  return frame.finish({"lm_head", gpt2_path + "wte.weight", /*tied=*/true}, last);
}

}  // namespace

Family gpt2() {
  return {
      .model_type = "gpt2",
      .build = build_gpt2,
      .special = {.bos = 50256, .eos = 50256, .all_eos = {50256}},
  };
}

}  // namespace locus::families
