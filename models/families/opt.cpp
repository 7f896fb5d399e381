// OPT: Zhang et al. 2022. Names: transformers' modeling_opt.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string opt_path = "model.decoder.";
constexpr double opt_epsilon = 1e-5;  // the class has no other

struct OptConfig {
  explicit OptConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 50272)),
        width(config.count("hidden_size", 768)),
        embedding(config.count("word_embed_proj_dim", width)),
        layers(config.layers("num_hidden_layers", 12)),
        heads(config.count("num_attention_heads", 12)),
        head_size(config.share("hidden_size", width, "num_attention_heads", heads)),
        ffn_width(config.count("ffn_dim", 3072)),
        context(config.count("max_position_embeddings", 2048)),
        activation(config.activation("activation_function", "relu")),
        norm_first(config.boolean("do_layer_norm_before", true)),
        last_norm(norm_first && !config.boolean("_remove_final_layer_norm", false)),
        biased(config.boolean("enable_bias", true)),
        norm_weights(config.boolean("layer_norm_elementwise_affine", true)) {}

  int64_t vocabulary, width, embedding, layers, heads, head_size, ffn_width, context;
  std::string activation;
  bool norm_first, last_norm, biased, norm_weights;
};

NormMaker opt_norm(GraphBuilder& graph, const OptConfig& config) {
  if (config.norm_weights) return layer_norm_of(graph, opt_epsilon);
  return [&graph](const std::string& path, const std::string& input) {
    return graph.add({
        .name = path,
        .kind = "norm",
        .inputs = {input},
        .attributes = {{"epsilon", opt_epsilon}},
    });
  };
}

std::string add_opt_layer(GraphBuilder& graph, const OptConfig& config, int64_t layer,
                          const std::string& input) {
  const std::string block = opt_path + "layers." + std::to_string(layer), at = block + ".";
  const NodeSpec attention{
      .name = at + "self_attn.out_proj",
      .kind = "attention",
      .attributes = causal_attention({config.heads, config.head_size}),
      .weights =
          projection_weights(graph, {at + "self_attn.", "out_proj", config.biased, config.biased}),
      .encoding = "position",
  };
  const NodeSpec fed = feed_forward_node(
      graph,
      {at + "fc1", at + "fc2", config.width, config.ffn_width, config.activation, config.biased});
  const Residual residual = config.norm_first ? add_pre_norm : add_post_norm;
  const std::string sum = config.norm_first ? block : at + "add";
  const NormMaker norm = opt_norm(graph, config);
  const std::string middle =
      residual(graph, norm, {attention, at + "self_attn_layer_norm", at + "self_attn.add"}, input);
  return residual(graph, norm, {fed, at + "final_layer_norm", sum}, middle);
}

/// Between the width of the table and that of the layers.
std::string project(GraphBuilder& graph, const OptConfig& config, const std::string& path,
                    const std::string& input) {
  if (config.embedding == config.width) return input;
  return graph.add({
      .name = path,
      .kind = "linear",
      .inputs = {input},
      .weights = graph.product("weight", path),
  });
}

FamilyGraph build_opt(const Config& config, const Weights& weights) {
  const OptConfig sizes(config);
  CausalFrame frame(config, weights,
                    {.family = "opt",
                     .base = "model.",
                     .bare = "OPTModel",
                     .headed = "OPTForCausalLM",
                     .tokens = ""},
                    {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  graph.learned_encoding({"position", opt_path + "position", opt_path + "embed_positions",
                          sizes.context, sizes.width, 2});
  const std::string words =
      graph.embedding(opt_path + "embed_tokens", "ids", {sizes.vocabulary, sizes.embedding});
  std::string last = project(graph, sizes, opt_path + "project_in", words);
  last = graph.position(opt_path + "position", last, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_opt_layer(graph, sizes, layer, last);
  }
  if (sizes.last_norm) last = opt_norm(graph, sizes)(opt_path + "final_layer_norm", last);
  last = project(graph, sizes, opt_path + "project_out", last);
  graph.ignore("(model\\.)?decoder\\.version");
  return frame.finish({"lm_head", opt_path + "embed_tokens.weight", /*tied=*/true}, last);
}

}  // namespace

Family opt() {
  return {
      .model_type = "opt",
      .build = build_opt,
      .special = {.bos = 2, .eos = 2, .pad = 1, .all_eos = {2}},
  };
}

}  // namespace locus::families
