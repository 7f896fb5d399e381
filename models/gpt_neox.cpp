// GPT-NeoX: Black et al. 2022. Names: transformers' modeling_gpt_neox.
#include "models/graph_builder.hpp"
#include "models/rope_config.hpp"

namespace locus {
namespace {

const std::string neox_path = "gpt_neox.";

struct NeoxConfig {
  explicit NeoxConfig(const Config& config)
      : width(config.count("hidden_size", 6144)),
        layers(config.layers("num_hidden_layers", 44)),
        heads(config.count("num_attention_heads", 64)),
        head_size(config.share("hidden_size", width, "num_attention_heads", heads)),
        inner(config.count("intermediate_size", 24576)),
        context(config.count("max_position_embeddings", 2048)),
        epsilon(config.number("layer_norm_eps", 1e-5)),
        rotary_share(config.number("rotary_pct", 0.25)),
        activation(config.activation("hidden_act", "gelu")),
        attention_bias(config.boolean("attention_bias", true)),
        parallel(config.boolean("use_parallel_residual", true)) {
    if (rotated() < 2 || rotated() > head_size || rotated() % 2 != 0) {
      config.fail("rotary_pct", "a share of the head that makes an even number of values",
                  std::to_string(rotary_share));
    }
  }
  int64_t rotated() const {
    return static_cast<int64_t>(static_cast<double>(head_size) * rotary_share);
  }

  int64_t width, layers, heads, head_size, inner, context;
  double epsilon, rotary_share;
  std::string activation;
  bool attention_bias, parallel;
};

/// Part 0, 1 or 2 of the fused product, whose rows are interleaved per head: [H, 3, d] (B-9).
WeightSlots part(const GraphBuilder& graph, const NeoxConfig& config, const std::string& slot,
                 const std::string& path, int64_t index) {
  WeightSlots slots = config.attention_bias ? graph.affine(slot, path) : graph.product(slot, path);
  slots.at(slot).steps = {reshape({config.heads, 3, config.head_size, config.width}),
                          slice(1, index, index + 1), reshape({config.width, config.width})};
  if (config.attention_bias) {
    slots.at(slot + "_bias").steps = {reshape({config.heads, 3, config.head_size}),
                                      slice(1, index, index + 1), reshape({config.width})};
  }
  return slots;
}

WeightSlots attention_weights(const GraphBuilder& graph, const NeoxConfig& config,
                              const std::string& at) {
  return part(graph, config, "query", at + "query_key_value", 0) +
         part(graph, config, "key", at + "query_key_value", 1) +
         part(graph, config, "value", at + "query_key_value", 2) +
         (config.attention_bias ? graph.affine("output", at + "dense")
                                : graph.product("output", at + "dense"));
}

std::string add_feed_forward(GraphBuilder& graph, const NeoxConfig& config, const std::string& at,
                             const std::string& input) {
  graph.check_shape(at + "mlp.dense_h_to_4h.weight", {config.inner, config.width});
  graph.check_shape(at + "mlp.dense_4h_to_h.weight", {config.width, config.inner});
  return graph.add({at + "mlp.dense_4h_to_h",
                    "feed_forward",
                    {graph.layer_norm(at + "post_attention_layernorm", input, config.epsilon)},
                    {{"activation", config.activation}},
                    graph.affine("up", at + "mlp.dense_h_to_4h") +
                        graph.affine("down", at + "mlp.dense_4h_to_h"),
                    {}});
}

std::string add_layer(GraphBuilder& graph, const NeoxConfig& config, int64_t layer,
                      const std::string& input) {
  const std::string block = neox_path + "layers." + std::to_string(layer), at = block + ".";
  const std::string attended =
      graph.add({at + "attention.dense",
                 "attention",
                 {graph.layer_norm(at + "input_layernorm", input, config.epsilon)},
                 {{"heads", config.heads},
                  {"head_size", config.head_size},
                  {"visibility", std::string("causal")}},
                 attention_weights(graph, config, at + "attention."),
                 "position"});
  if (config.parallel) {
    const std::string fed = add_feed_forward(graph, config, at, input);
    return graph.sum(block, graph.sum(at + "mlp.add", fed, attended), input);
  }
  const std::string middle = graph.sum(at + "attention.add", attended, input);
  return graph.sum(block, add_feed_forward(graph, config, at, middle), middle);
}

}  // namespace

FamilyGraph build_gpt_neox(const Config& config, const Weights& weights) {
  const NeoxConfig sizes(config);
  const bool bare = config.architecture({"GPTNeoXModel", "GPTNeoXForCausalLM"},
                                        "GPTNeoXForCausalLM") == "GPTNeoXModel";
  GraphBuilder graph(config, weights, {neox_path, bare});
  graph.spec().family = "gpt_neox";
  graph.spec().task = bare ? "encoder" : "causal-lm";
  graph.spec().width = sizes.width;
  graph.spec().context = sizes.context;

  const int64_t rotated = sizes.rotated() < sizes.head_size ? sizes.rotated() : 0;
  const RopeConfig rope{config.number("rotary_emb_base", 10000), rotated, sizes.context};
  graph.encoding("position", rope_encoding(config, rope), neox_path + "position");
  const std::string words = graph.embedding(neox_path + "embed_in", "ids",
                                            {config.count("vocab_size", 50432), sizes.width});
  std::string last = graph.position(neox_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(neox_path + "final_layer_norm", last, sizes.epsilon);
  graph.output("last_hidden_state", last);
  if (!bare) graph.lm_head({"embed_out", neox_path + "embed_in.weight", /*tied=*/false}, last);
  graph.ignore(".*(attention\\.(bias|masked_bias)|rotary_emb\\.inv_freq)");
  return graph.finish();
}

}  // namespace locus
