// XGLM: Lin et al. 2022, Few-shot Learning with Multilingual Generative Language Models. Names:
// transformers' modeling_xglm.
#include <cmath>

#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string xglm_path = "model.";
constexpr double xglm_epsilon = 1e-5;  // the class has no other

struct XglmConfig {
  explicit XglmConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 256008)),
        width(config.count(config.either("d_model", "hidden_size"), 1024)),
        layers(config.layers(config.either("num_layers", "num_hidden_layers"), 24)),
        heads(config.count(config.either("attention_heads", "num_attention_heads"), 16)),
        head_size(config.share("d_model", width, "attention_heads", heads)),
        ffn_width(config.count("ffn_dim", 4096)),
        context(config.count("max_position_embeddings", 2048)),
        activation(config.activation("activation_function", "gelu")),
        scale(config.boolean("scale_embedding", true) ? std::sqrt(static_cast<double>(width)) : 1) {
  }

  int64_t vocabulary, width, layers, heads, head_size, ffn_width, context;
  std::string activation;
  double scale;
};

std::string add_xglm_layer(GraphBuilder& graph, const XglmConfig& config, int64_t layer,
                           const std::string& input) {
  const std::string block = xglm_path + "layers." + std::to_string(layer), at = block + ".";
  const NodeSpec attention{
      .name = at + "self_attn.out_proj",
      .kind = "attention",
      .attributes = causal_attention({config.heads, config.head_size}),
      .weights = projection_weights(graph, {.at = at + "self_attn."}),
      .encoding = "position",
  };
  const NodeSpec fed = feed_forward_node(
      graph, {at + "fc1", at + "fc2", config.width, config.ffn_width, config.activation});
  const NormMaker norm = layer_norm_of(graph, xglm_epsilon);
  const std::string middle = add_pre_norm(
      graph, norm, {attention, at + "self_attn_layer_norm", at + "self_attn.add"}, input);
  return add_pre_norm(graph, norm, {fed, at + "final_layer_norm", block}, middle);
}

FamilyGraph build_xglm(const Config& config, const Weights& weights) {
  const XglmConfig sizes(config);
  CausalFrame frame(config, weights,
                    {.family = "xglm",
                     .base = xglm_path,
                     .bare = "XGLMModel",
                     .headed = "XGLMForCausalLM",
                     .tokens = "",
                     .answers = false},
                    {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  // fairseq's sinusoid, whose first two rows are kept for padding; the row of the padding's id is 0
  // even where it stands for a position.
  const SchemeChoice sinusoid{"sinusoidal",
                              {{"layout", "halves"},
                               {"denominator", "t2t"},
                               {"start", 2},
                               {"zero_row", config.whole("pad_token_id", 1)}}};
  graph.encoding("position", {{sinusoid}, {}}, xglm_path + "position");
  const std::string table = xglm_path + "embed_tokens";
  std::string last = graph.scaled_embedding(table, {sizes.vocabulary, sizes.width}, sizes.scale);
  last = graph.position(xglm_path + "position", last, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_xglm_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(xglm_path + "layer_norm", last, xglm_epsilon);
  return frame.finish({"lm_head", table + ".weight", /*tied=*/true}, last);
}

}  // namespace

Family xglm() {
  return {
      .model_type = "xglm",
      .build = build_xglm,
      .special = {.bos = 0, .eos = 2, .pad = 1, .decoder_start = 2, .all_eos = {2}},
  };
}

}  // namespace locus::families
