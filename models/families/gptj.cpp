// GPT-J: Wang and Komatsuzaki 2021. Names: transformers' modeling_gptj.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string gptj_path = "transformer.";

struct GptjConfig {
  explicit GptjConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 50400)),
        width(config.count(config.either("n_embd", "hidden_size"), 4096)),
        layers(config.layers(config.either("n_layer", "num_hidden_layers"), 28)),
        heads(config.count(config.either("n_head", "num_attention_heads"), 16)),
        head_size(config.share("n_embd", width, "n_head", heads)),
        ffn_width(config.count("n_inner", 4 * width)),
        context(config.count(config.either("n_positions", "max_position_embeddings"), 2048)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        activation(config.activation("activation_function", "gelu_new")),
        rotated(config.is_null("rotary_dim") ? head_size : config.count("rotary_dim", 64)) {
    if (rotated > head_size || rotated % 2 != 0) {
      config.fail("rotary_dim", "an even number of the head's " + std::to_string(head_size),
                  std::to_string(rotated));
    }
  }

  int64_t vocabulary, width, layers, heads, head_size, ffn_width, context;
  double epsilon;
  std::string activation;
  int64_t rotated;  ///< values of each head that turn
};

/// One norm serves both parts, whose outputs are added at once.
std::string add_gptj_layer(GraphBuilder& graph, const GptjConfig& config, int64_t layer,
                           const std::string& input) {
  const std::string block = gptj_path + "h." + std::to_string(layer), at = block + ".";
  const std::string normed = graph.layer_norm(at + "ln_1", input, config.epsilon);
  const std::string attended = graph.add({
      .name = at + "attn.out_proj",
      .kind = "attention",
      .inputs = {normed},
      .attributes = causal_attention({config.heads, config.head_size}),
      .weights = projection_weights(
          graph, {.at = at + "attn.", .query_bias = false, .output_bias = false}),
      .encoding = "position",
  });
  NodeSpec fed = feed_forward_node(graph, {at + "mlp.fc_in", at + "mlp.fc_out", config.width,
                                           config.ffn_width, config.activation});
  fed.inputs = {normed};
  return graph.sum(block, graph.sum(at + "mlp.add", graph.add(fed), attended), input);
}

FamilyGraph build_gptj(const Config& config, const Weights& weights) {
  const GptjConfig sizes(config);
  CausalFrame frame(config, weights,
                    {.family = "gptj",
                     .base = gptj_path,
                     .bare = "GPTJModel",
                     .headed = "GPTJForCausalLM",
                     .tokens = ""},
                    {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  // Pairs (2i, 2i + 1), unlike GPT-NeoX.
  const Attributes parameters{{"pairing", "interleaved"}, {"dimensions", sizes.rotated}};
  graph.encoding("position", {{{"rope", parameters}}, {}}, gptj_path + "position");
  const std::string words =
      graph.embedding(gptj_path + "wte", "ids", {sizes.vocabulary, sizes.width});
  std::string last = graph.position(gptj_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_gptj_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(gptj_path + "ln_f", last, sizes.epsilon);
  graph.ignore("(transformer\\.)?h\\.\\d+\\.attn\\.(bias|masked_bias|embed_positions)");
  LmHead head{"lm_head", gptj_path + "wte.weight", /*tied=*/false};
  head.bias = {{"bias", graph.weight("lm_head.bias")}};
  return frame.finish(head, last);
}

}  // namespace

Family gptj() {
  return {
      .model_type = "gptj",
      .build = build_gptj,
      .special = {.bos = 50256, .eos = 50256, .all_eos = {50256}},
  };
}

}  // namespace locus::families
