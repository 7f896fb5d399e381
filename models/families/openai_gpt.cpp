// GPT: Radford et al. 2018. Names: transformers' modeling_openai.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string gpt_path = "transformer.";

struct GptConfig {
  explicit GptConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 40478)),
        width(config.count(config.either("n_embd", "hidden_size"), 768)),
        layers(config.layers(config.either("n_layer", "num_hidden_layers"), 12)),
        heads(config.count(config.either("n_head", "num_attention_heads"), 12)),
        head_size(config.share("n_embd", width, "n_head", heads)),
        context(config.count("n_positions", 512)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        activation(config.text("afn", "gelu")) {
    // The class's own table of four names, in which `gelu` is the tanh form.
    if (activation == "gelu") {
      activation = "gelu_new";
    } else if (activation != "relu" && activation != "silu" && activation != "swish") {
      config.fail("afn", "one of gelu, relu, silu, swish", "'" + activation + "'");
    }
  }

  int64_t vocabulary, width, layers, heads, head_size, context;
  double epsilon;
  std::string activation;
};

std::string add_gpt_layer(GraphBuilder& graph, const GptConfig& config, int64_t layer,
                          const std::string& input) {
  const std::string at = gpt_path + "h." + std::to_string(layer) + ".";
  const int64_t width = config.width;
  const FusedProduct fused{at + "attn.c_attn", config.heads, config.head_size, width};
  const NodeSpec attention{
      .name = at + "attn.c_proj",
      .kind = "attention",
      .attributes = causal_attention({config.heads, config.head_size}),
      .weights =
          side_by_side_convolution(graph, fused) + convolution(graph, "output", at + "attn.c_proj"),
      .encoding = "position",
  };
  const NodeSpec fed = convolution_feed_forward(
      graph, {at + "mlp.c_fc", at + "mlp.c_proj", width, 4 * width, config.activation});
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string middle =
      add_post_norm(graph, norm, {attention, at + "ln_1", at + "attn.add"}, input);
  return add_post_norm(graph, norm, {fed, at + "ln_2", at + "mlp.add"}, middle);
}

FamilyGraph build_openai_gpt(const Config& config, const Weights& weights) {
  const GptConfig sizes(config);
  CausalNames names{.family = "openai-gpt",
                    .base = gpt_path,
                    .bare = "OpenAIGPTModel",
                    .headed = "OpenAIGPTLMHeadModel",
                    .tokens = "",
                    .answers = false};
  names.chooses = true;
  CausalFrame frame(config, weights, names, {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  graph.learned_encoding({"position", gpt_path + "position", gpt_path + "positions_embed",
                          sizes.context, sizes.width});
  const std::string words =
      graph.embedding(gpt_path + "tokens_embed", "ids", {sizes.vocabulary, sizes.width});
  std::string last = graph.position(gpt_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_gpt_layer(graph, sizes, layer, last);
  }
  graph.ignore("(transformer\\.)?(position_ids|h\\.\\d+\\.attn\\.bias)");
  return frame.finish({"lm_head", gpt_path + "tokens_embed.weight", /*tied=*/true}, last);
}

}  // namespace

Family openai_gpt() {
  return {
      .model_type = "openai-gpt",
      .build = build_openai_gpt,
  };
}

}  // namespace locus::families
