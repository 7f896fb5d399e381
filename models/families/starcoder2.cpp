// StarCoder2: Lozhkov et al. 2024. Names: transformers' modeling_starcoder2.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

struct Starcoder2Config {
  explicit Starcoder2Config(const Config& config)
      : vocabulary(config.count("vocab_size", 49152)),
        width(config.count("hidden_size", 3072)),
        layers(config.layers("num_hidden_layers", 30)),
        heads(config.count("num_attention_heads", 24)),
        kv_heads(config.count("num_key_value_heads", 2)),
        head_size(config.has("head_dim")
                      ? config.count("head_dim", 0)
                      : config.share("hidden_size", width, "num_attention_heads", heads)),
        ffn_width(config.count("intermediate_size", 12288)),
        context(config.count("max_position_embeddings", 4096)),
        window(config.has("sliding_window") ? config.count("sliding_window", 0) : 0),
        epsilon(config.number("norm_epsilon", 1e-5)),
        activation(config.activation("hidden_act", "gelu_pytorch_tanh")),
        biased(config.boolean("use_bias", true)) {
    config.share("num_attention_heads", heads, "num_key_value_heads", kv_heads);
  }

  int64_t vocabulary, width, layers, heads, kv_heads, head_size, ffn_width, context;
  int64_t window;  ///< keys that a query sees, itself included; 0: all
  double epsilon;
  std::string activation;
  bool biased;
};

std::string add_starcoder2_layer(GraphBuilder& graph, const Starcoder2Config& config, int64_t layer,
                                 const std::string& input) {
  const std::string block = graph.base() + "layers." + std::to_string(layer), at = block + ".";
  NodeSpec attention{
      .name = at + "self_attn.o_proj",
      .kind = "attention",
      .attributes = causal_attention({config.heads, config.head_size, config.window}),
      .weights =
          projection_weights(graph, {at + "self_attn.", "o_proj", config.biased, config.biased}),
      .encoding = "position",
  };
  attention.attributes.set("kv_heads", config.kv_heads);
  const NodeSpec fed =
      feed_forward_node(graph, {at + "mlp.c_fc", at + "mlp.c_proj", config.width, config.ffn_width,
                                config.activation, config.biased});
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string middle =
      add_pre_norm(graph, norm, {attention, at + "input_layernorm", at + "self_attn.add"}, input);
  return add_pre_norm(graph, norm, {fed, at + "post_attention_layernorm", block}, middle);
}

FamilyGraph build_starcoder2(const Config& config, const Weights& weights) {
  const Starcoder2Config sizes(config);
  const RopeValues rope = read_rope(config);
  if (rope.share != 1) config.fail("partial_rotary_factor", "1", "another share of the head");
  CausalFrame frame(config, weights,
                    {.family = "starcoder2",
                     .base = "model.",
                     .bare = "Starcoder2Model",
                     .headed = "Starcoder2ForCausalLM",
                     .tokens = "score",
                     .answers = false},
                    {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  const std::string base = graph.base(), table = base + "embed_tokens";
  add_rope_encoding(graph, rope, {.context = sizes.context}, base + "position");
  std::string last = graph.embedding(table, "ids", {sizes.vocabulary, sizes.width});
  last = graph.position(base + "position", last, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_starcoder2_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(base + "norm", last, sizes.epsilon);
  graph.ignore(".*rotary_emb\\.inv_freq");
  return frame.finish({"lm_head", table + ".weight", /*tied=*/true}, last);
}

}  // namespace

Family starcoder2() {
  return {
      .model_type = "starcoder2",
      .build = build_starcoder2,
      .special = {.bos = 50256, .eos = 50256, .all_eos = {50256}},
  };
}

}  // namespace locus::families
