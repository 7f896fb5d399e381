// GPT-NeoX: Black et al. 2022. Names: transformers' modeling_gpt_neox.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

const std::string neox_path = "gpt_neox.";

struct NeoxConfig {
  explicit NeoxConfig(const Config& config)
      : width(config.count("hidden_size", 6144)),
        layers(config.layers("num_hidden_layers", 44)),
        heads(config.count("num_attention_heads", 64)),
        head_size(config.share("hidden_size", width, "num_attention_heads", heads)),
        ffn_width(config.count("intermediate_size", 24576)),
        context(config.count("max_position_embeddings", 2048)),
        epsilon(config.number("layer_norm_eps", 1e-5)),
        rope(read_rope(config,
                       {.base = "rotary_emb_base", .share = "rotary_pct", .default_share = 0.25})),
        activation(config.activation("hidden_act", "gelu")),
        attention_bias(config.boolean("attention_bias", true)),
        parallel(config.boolean("use_parallel_residual", true)) {
    expect_head_dim(config, head_size);
    if (rotated() < 2 || rotated() > head_size || rotated() % 2 != 0) {
      config.fail("rotary_pct", "a share of the head that makes an even number of values",
                  std::to_string(rope.share));
    }
  }
  int64_t rotated() const {
    return static_cast<int64_t>(static_cast<double>(head_size) * rope.share);
  }

  int64_t width, layers, heads, head_size, ffn_width, context;
  double epsilon;
  RopeValues rope;
  std::string activation;
  bool attention_bias, parallel;
};

NodeSpec neox_attention(const GraphBuilder& graph, const NeoxConfig& config,
                        const std::string& at) {
  const FusedProduct fused{at + "query_key_value", config.heads, config.head_size, config.width,
                           config.attention_bias};
  return {
      .name = at + "dense",
      .kind = "attention",
      .attributes = causal_attention({config.heads, config.head_size}),
      .weights = interleaved_by_head(graph, fused) +
                 linear_slots(graph, "output", at + "dense", config.attention_bias),
      .encoding = "position",
  };
}

std::string add_neox_layer(GraphBuilder& graph, const NeoxConfig& config, int64_t layer,
                           const std::string& input) {
  const std::string block = neox_path + "layers." + std::to_string(layer), at = block + ".";
  NodeSpec attention = neox_attention(graph, config, at + "attention.");
  NodeSpec fed = feed_forward_node(graph, {at + "mlp.dense_h_to_4h", at + "mlp.dense_4h_to_h",
                                           config.width, config.ffn_width, config.activation});
  const std::string first = at + "input_layernorm", second = at + "post_attention_layernorm";
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  if (config.parallel) {
    attention.inputs = {norm(first, input)};
    const std::string attended = graph.add(attention);
    fed.inputs = {norm(second, input)};
    return graph.sum(block, graph.sum(at + "mlp.add", graph.add(fed), attended), input);
  }
  const std::string middle =
      add_pre_norm(graph, norm, {attention, first, at + "attention.add"}, input);
  return add_pre_norm(graph, norm, {fed, second, block}, middle);
}

FamilyGraph build_gpt_neox(const Config& config, const Weights& weights) {
  const NeoxConfig sizes(config);
  CausalFrame frame(config, weights,
                    {.family = "gpt_neox",
                     .base = neox_path,
                     .bare = "GPTNeoXModel",
                     .headed = "GPTNeoXForCausalLM"},
                    {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  const int64_t rotated = sizes.rotated() < sizes.head_size ? sizes.rotated() : 0;
  add_rope_encoding(graph, sizes.rope, {rotated, sizes.context}, neox_path + "position");
  const std::string words = graph.embedding(neox_path + "embed_in", "ids",
                                            {config.count("vocab_size", 50432), sizes.width});
  std::string last = graph.position(neox_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_neox_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(neox_path + "final_layer_norm", last, sizes.epsilon);
  graph.ignore(".*(attention\\.(bias|masked_bias)|rotary_emb\\.inv_freq)");
  return frame.finish({"embed_out", neox_path + "embed_in.weight", /*tied=*/false}, last);
}

}  // namespace

Family gpt_neox() {
  return {
      .model_type = "gpt_neox",
      .build = build_gpt_neox,
      .special = {.bos = 0, .eos = 2, .all_eos = {2}},
  };
}

}  // namespace locus::families
