// BLOOM: Le Scao et al. 2022. Names: transformers' modeling_bloom.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/fused_weights.hpp"

namespace locus::families {
namespace {

const std::string bloom_path = "transformer.";

struct BloomConfig {
  explicit BloomConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 250880)),
        width(config.count(config.either("hidden_size", "n_embed"), 64)),
        layers(config.layers(config.either("n_layer", "num_hidden_layers"), 2)),
        heads(config.count(config.either("n_head", "num_attention_heads"), 8)),
        head_size(config.share("hidden_size", width, "n_head", heads)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        from_norm(config.boolean("apply_residual_connection_post_layernorm", false)) {
    // It drops the biases of both outputs, which no one can want.
    if (config.boolean("slow_but_exact", false) && config.count("pretraining_tp", 1) > 1) {
      config.fail("slow_but_exact", "false", "true");
    }
  }

  int64_t vocabulary, width, layers, heads, head_size;
  double epsilon;
  bool from_norm;  ///< whether the residual is the norm's output
};

/// norm(x) + f(norm(x))
std::string add_from_norm(GraphBuilder& graph, const NormMaker& norm, LayerPart part,
                          const std::string& input) {
  const std::string normed = norm(part.norm, input);
  part.node.inputs = {normed};
  return graph.sum(part.sum, graph.add(std::move(part.node)), normed);
}

std::string add_bloom_layer(GraphBuilder& graph, const BloomConfig& config, int64_t layer,
                            const std::string& input) {
  const std::string block = bloom_path + "h." + std::to_string(layer), at = block + ".";
  const std::string own = at + "self_attention.";
  const FusedProduct fused{own + "query_key_value", config.heads, config.head_size, config.width};
  const NodeSpec attention{
      .name = own + "dense",
      .kind = "attention",
      .attributes = causal_attention({config.heads, config.head_size}),
      .weights = interleaved_by_head(graph, fused) + graph.affine("output", own + "dense"),
      .encoding = "position",
  };
  const NodeSpec fed = feed_forward_node(graph, {at + "mlp.dense_h_to_4h", at + "mlp.dense_4h_to_h",
                                                 config.width, 4 * config.width, "gelu_new"});
  const Residual residual = config.from_norm ? add_from_norm : add_pre_norm;
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string middle =
      residual(graph, norm, {attention, at + "input_layernorm", own + "add"}, input);
  return residual(graph, norm, {fed, at + "post_attention_layernorm", block}, middle);
}

FamilyGraph build_bloom(const Config& config, const Weights& weights) {
  const BloomConfig sizes(config);
  CausalFrame frame(
      config, weights,
      {.family = "bloom", .base = bloom_path, .bare = "BloomModel", .headed = "BloomForCausalLM"},
      {sizes.width, config.whole("seq_length", 0)});
  GraphBuilder& graph = frame.graph();
  graph.encoding("position", {{{"alibi", {}}}, {}}, bloom_path + "position");
  std::string last =
      graph.embedding(bloom_path + "word_embeddings", "ids", {sizes.vocabulary, sizes.width});
  last = graph.layer_norm(bloom_path + "word_embeddings_layernorm", last, sizes.epsilon);
  last = graph.position(bloom_path + "position", last, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_bloom_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(bloom_path + "ln_f", last, sizes.epsilon);
  return frame.finish({"lm_head", bloom_path + "word_embeddings.weight", /*tied=*/true}, last);
}

}  // namespace

Family bloom() {
  return {
      .model_type = "bloom",
      .build = build_bloom,
      .special = {.bos = 1, .eos = 2, .all_eos = {2}},
  };
}

}  // namespace locus::families
