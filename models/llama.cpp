// Llama: Touvron et al. 2023. Names: transformers' modeling_llama.
#include "models/graph_builder.hpp"
#include "models/rope_config.hpp"

namespace locus {
namespace {

const std::string llama_path = "model.";

struct LlamaConfig {
  explicit LlamaConfig(const Config& config)
      : width(config.count("hidden_size", 4096)),
        layers(config.layers("num_hidden_layers", 32)),
        heads(config.count("num_attention_heads", 32)),
        key_heads(config.count("num_key_value_heads", heads)),
        inner(config.count("intermediate_size", 11008)),
        context(config.count("max_position_embeddings", 2048)),
        epsilon(config.number("rms_norm_eps", 1e-6)),
        activation(config.activation("hidden_act", "silu")),
        attention_bias(config.boolean("attention_bias", false)),
        feed_forward_bias(config.boolean("mlp_bias", false)) {
    config.share("num_attention_heads", heads, "num_key_value_heads", key_heads);
    head_size = config.has("head_dim")
                    ? config.count("head_dim", 1)
                    : config.share("hidden_size", width, "num_attention_heads", heads);
  }

  int64_t width, layers, heads, key_heads, head_size = 0, inner, context;
  double epsilon;
  std::string activation;
  bool attention_bias, feed_forward_bias;
};

WeightSlots attention_weights(const GraphBuilder& graph, const LlamaConfig& config,
                              const std::string& at) {
  const auto slots = config.attention_bias ? &GraphBuilder::affine : &GraphBuilder::product;
  return (graph.*slots)("query", at + "q_proj") + (graph.*slots)("key", at + "k_proj") +
         (graph.*slots)("value", at + "v_proj") + (graph.*slots)("output", at + "o_proj");
}

WeightSlots feed_forward_weights(const GraphBuilder& graph, const LlamaConfig& config,
                                 const std::string& at) {
  const auto slots = config.feed_forward_bias ? &GraphBuilder::affine : &GraphBuilder::product;
  return (graph.*slots)("gate", at + "gate_proj") + (graph.*slots)("up", at + "up_proj") +
         (graph.*slots)("down", at + "down_proj");
}

std::string add_layer(GraphBuilder& graph, const LlamaConfig& config, int64_t layer,
                      const std::string& input) {
  const std::string block = llama_path + "layers." + std::to_string(layer), at = block + ".";
  const std::string attended =
      graph.add({at + "self_attn.o_proj",
                 "attention",
                 {graph.rms_norm(at + "input_layernorm", input, config.epsilon)},
                 {{"heads", config.heads},
                  {"key_heads", config.key_heads},
                  {"head_size", config.head_size},
                  {"visibility", std::string("causal")}},
                 attention_weights(graph, config, at + "self_attn."),
                 "position"});
  const std::string middle = graph.sum(at + "self_attn.add", input, attended);
  graph.check_shape(at + "mlp.up_proj.weight", {config.inner, config.width});
  graph.check_shape(at + "mlp.down_proj.weight", {config.width, config.inner});
  const std::string fed =
      graph.add({at + "mlp.down_proj",
                 "feed_forward",
                 {graph.rms_norm(at + "post_attention_layernorm", middle, config.epsilon)},
                 {{"activation", config.activation}},
                 feed_forward_weights(graph, config, at + "mlp."),
                 {}});
  return graph.sum(block, middle, fed);
}

}  // namespace

FamilyGraph build_llama(const Config& config, const Weights& weights) {
  const LlamaConfig sizes(config);
  const bool bare =
      config.architecture({"LlamaModel", "LlamaForCausalLM"}, "LlamaForCausalLM") == "LlamaModel";
  GraphBuilder graph(config, weights, {llama_path, bare});
  graph.spec().family = "llama";
  graph.spec().task = bare ? "encoder" : "causal-lm";
  graph.spec().width = sizes.width;
  graph.spec().context = sizes.context;

  const RopeConfig rope{config.number("rope_theta", 10000), 0, sizes.context};
  graph.encoding("position", rope_encoding(config, rope), llama_path + "position");
  const std::string words = graph.embedding(llama_path + "embed_tokens", "ids",
                                            {config.count("vocab_size", 32000), sizes.width});
  std::string last = graph.position(llama_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_layer(graph, sizes, layer, last);
  }
  last = graph.rms_norm(llama_path + "norm", last, sizes.epsilon);
  graph.output("last_hidden_state", last);
  if (!bare) graph.lm_head({"lm_head", llama_path + "embed_tokens.weight", /*tied=*/false}, last);
  graph.ignore(".*rotary_emb\\.inv_freq");
  return graph.finish();
}

}  // namespace locus
