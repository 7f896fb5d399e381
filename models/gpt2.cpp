// GPT-2: Radford et al. 2019. Names: transformers' modeling_gpt2.
#include <cmath>

#include "models/graph_builder.hpp"

namespace locus {
namespace {

const std::string gpt2_path = "transformer.";

struct Gpt2Config {
  explicit Gpt2Config(const Config& config)
      : width(config.count("n_embd", 768)),
        layers(config.layers("n_layer", 12)),
        heads(config.count("n_head", 12)),
        head_size(config.share("n_embd", width, "n_head", heads)),
        inner(config.count("n_inner", 4 * width)),
        context(config.count("n_positions", 1024)),
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

  int64_t width, layers, heads, head_size, inner, context;
  double epsilon;
  std::string activation;
  bool scaled, scaled_by_layer;
};

/// Conv1D stores its matrix as [in, out] (B-8).
WeightSlots convolution(const GraphBuilder& graph, const std::string& slot,
                        const std::string& path) {
  WeightSlots slots = graph.affine(slot, path);
  slots.at(slot).steps = {permute({1, 0})};
  return slots;
}

/// Columns [begin, end) of the fused [Q | K | V] product.
WeightSlots columns(const GraphBuilder& graph, const std::string& slot, const std::string& path,
                    int64_t begin, int64_t end) {
  WeightSlots slots = graph.affine(slot, path);
  slots.at(slot).steps = {slice(1, begin, end), permute({1, 0})};
  slots.at(slot + "_bias").steps = {slice(0, begin, end)};
  return slots;
}

std::string add_layer(GraphBuilder& graph, const Gpt2Config& config, int64_t layer,
                      const std::string& input) {
  const std::string block = gpt2_path + "h." + std::to_string(layer), at = block + ".";
  const int64_t d = config.width;
  const std::string attended =
      graph.add({at + "attn.c_proj",
                 "attention",
                 {graph.layer_norm(at + "ln_1", input, config.epsilon)},
                 {{"heads", config.heads},
                  {"head_size", config.head_size},
                  {"scale", config.scale(layer)},
                  {"visibility", std::string("causal")}},
                 columns(graph, "query", at + "attn.c_attn", 0, d) +
                     columns(graph, "key", at + "attn.c_attn", d, 2 * d) +
                     columns(graph, "value", at + "attn.c_attn", 2 * d, 3 * d) +
                     convolution(graph, "output", at + "attn.c_proj"),
                 "position"});
  const std::string middle = graph.sum(at + "attn.add", attended, input);
  graph.check_shape(at + "mlp.c_fc.weight", {d, config.inner});
  graph.check_shape(at + "mlp.c_proj.weight", {config.inner, d});
  const std::string fed = graph.add(
      {at + "mlp.c_proj",
       "feed_forward",
       {graph.layer_norm(at + "ln_2", middle, config.epsilon)},
       {{"activation", config.activation}},
       convolution(graph, "up", at + "mlp.c_fc") + convolution(graph, "down", at + "mlp.c_proj"),
       {}});
  return graph.sum(block, middle, fed);
}

void add_encoding(GraphBuilder& graph) {
  graph.check_shape(gpt2_path + "wpe.weight", {graph.spec().context, graph.spec().width});
  const WeightSlots learned{{"table", graph.weight(gpt2_path + "wpe.weight")}};
  graph.encoding("position", {{{"learned", {}}}, learned}, gpt2_path + "position",
                 {{"learned", learned}});
  graph.ignore("(transformer\\.)?wpe\\.weight");
}

}  // namespace

FamilyGraph build_gpt2(const Config& config, const Weights& weights) {
  const Gpt2Config sizes(config);
  const bool bare =
      config.architecture({"GPT2Model", "GPT2LMHeadModel"}, "GPT2LMHeadModel") == "GPT2Model";
  GraphBuilder graph(config, weights, {gpt2_path, bare});
  graph.spec().family = "gpt2";
  graph.spec().task = bare ? "encoder" : "causal-lm";
  graph.spec().width = sizes.width;
  graph.spec().context = sizes.context;

  add_encoding(graph);
  const std::string words =
      graph.embedding(gpt2_path + "wte", "ids", {config.count("vocab_size", 50257), sizes.width});
  std::string last = graph.position(gpt2_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(gpt2_path + "ln_f", last, sizes.epsilon);
  graph.output("last_hidden_state", last);
  if (!bare) graph.lm_head({"lm_head", gpt2_path + "wte.weight", /*tied=*/true}, last);
  graph.ignore("(transformer\\.)?h\\.\\d+\\.attn\\.(bias|masked_bias)");
  return graph.finish();
}

}  // namespace locus
