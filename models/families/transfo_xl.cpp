// Transformer-XL: Dai et al. 2019. Names: transformers' modeling_transfo_xl.
#include <cmath>

#include "models/families/parts/adaptive_vocabulary.hpp"
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/stored_frequencies.hpp"

namespace locus::families {
namespace {

const std::string xl_path = "transformer.";

struct TransfoXlConfig {
  explicit TransfoXlConfig(const Config& config)
      : width(config.count(config.either("d_model", "hidden_size"), 1024)),
        layers(config.layers(config.either("n_layer", "num_hidden_layers"), 18)),
        heads(config.count(config.either("n_head", "num_attention_heads"), 16)),
        head_size(config.count("d_head", 64)),
        ffn_width(config.count("d_inner", 4096)),
        memory(config.whole("mem_len", 1600)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        clamp(std::max(0.0, config.number("clamp_len", 1000))),
        norm_first(config.boolean("pre_lnorm", false)),
        same_length(config.boolean("same_length", true)),
        own_biases(config.boolean("untie_r", true)) {
    if (config.whole("attn_type", 0) != 0) {
      config.fail("attn_type", "0", std::to_string(config.whole("attn_type", 0)));
    }
    if (config.number("sample_softmax", -1) > 0) {
      config.fail("sample_softmax", "-1", "a number of samples");
    }
    if (same_length && memory == 0) config.fail("mem_len", "at least 1 with 'same_length'", "0");
  }

  int64_t width, layers, heads, head_size, ffn_width, memory;
  double epsilon, clamp;
  bool norm_first, same_length, own_biases;
};

/// A text begins with a memory of zeros, which queries see. With `same_length` each query sees
/// `mem_len` keys, itself the last; otherwise all of its own run and `mem_len` before that.
Attributes xl_attention(const TransfoXlConfig& config) {
  Attributes attributes = causal_attention({config.heads, config.head_size});
  if (config.same_length) {
    attributes = causal_attention({config.heads, config.head_size, config.memory});
    attributes.set("memory_rows", config.memory - 1);
  } else if (config.memory > 0) {
    attributes.set("visibility", "segment");
    attributes.set("memory", config.memory);
    attributes.set("memory_rows", config.memory);
  }
  return attributes;
}

NodeSpec xl_attention_node(const GraphBuilder& graph, const TransfoXlConfig& config,
                           const std::string& at, const std::string& encoding) {
  const FusedProduct fused{at + "qkv_net", config.heads, config.head_size,
                           config.heads * config.head_size, /*biased=*/false};
  WeightSlots slots = side_by_side(graph, fused) + graph.product("output", at + "o_net");
  // What stands before a text is the norm of 0.
  if (config.norm_first) slots["memory_row"] = graph.weight(at + "layer_norm.bias");
  return {
      .name = at + "o_net",
      .kind = "attention",
      .attributes = xl_attention(config),
      .weights = slots,
      .encoding = encoding,
  };
}

/// What the sinusoid's stored frequencies are, where they are not the formula's.
WeightSlots xl_frequencies(const GraphBuilder& graph, const Weights& weights, int64_t width) {
  const std::string path = xl_path + "pos_emb.inv_freq";
  if (!graph.stored(path)) return {};
  return rounded_frequencies(weights, graph.weight(path).name, {.size = width});
}

std::string add_xl_encoding(GraphBuilder& graph, const TransfoXlConfig& config, int64_t layer,
                            const WeightSlots& frequencies) {
  std::string name = "layer." + std::to_string(layer);
  const std::string at = xl_path + "layers." + std::to_string(layer) + ".dec_attn.";
  const std::string biases = config.own_biases ? at : xl_path;
  Attributes parameters;
  if (config.clamp > 0) parameters.set("clamp", static_cast<int64_t>(config.clamp));
  const WeightSlots learned{{"content_bias", graph.weight(biases + "r_w_bias")},
                            {"position_bias", graph.weight(biases + "r_r_bias")},
                            {"projection", graph.weight(at + "r_net.weight")}};
  graph.encoding(name, {{{"transformer_xl", parameters}}, learned + frequencies},
                 xl_path + "position");
  return name;
}

std::string add_xl_layer(GraphBuilder& graph, const TransfoXlConfig& config, int64_t layer,
                         const std::string& input) {
  const std::string at = xl_path + "layers." + std::to_string(layer) + ".";
  const std::string attention = at + "dec_attn", fed = at + "pos_ff";
  const Residual residual = config.norm_first ? add_pre_norm : add_post_norm;
  const std::string add = config.norm_first ? "" : ".add";
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string encoding = "layer." + std::to_string(layer);
  const std::string middle = residual(graph, norm,
                                      {xl_attention_node(graph, config, attention + ".", encoding),
                                       attention + ".layer_norm", attention + add},
                                      input);
  const NodeSpec node = feed_forward_node(
      graph, {fed + ".CoreNet.0", fed + ".CoreNet.3", config.width, config.ffn_width, "relu"});
  return residual(graph, norm, {node, fed + ".layer_norm", fed + add}, middle);
}

FamilyGraph build_transfo_xl(const Config& config, const Weights& weights) {
  const TransfoXlConfig sizes(config);
  const AdaptiveVocabulary vocabulary(config, sizes.width);
  CausalNames names{.family = "transfo-xl",
                    .base = xl_path,
                    .bare = "TransfoXLModel",
                    .headed = "TransfoXLLMHeadModel",
                    .tokens = "",
                    .answers = false};
  names.classified = "before";
  CausalFrame frame(config, weights, names, {sizes.width, 0});
  GraphBuilder& graph = frame.graph();
  const WeightSlots frequencies = xl_frequencies(graph, weights, sizes.width);
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    add_xl_encoding(graph, sizes, layer, frequencies);
  }
  std::string last = add_adaptive_embedding(graph, vocabulary, xl_path + "word_emb");
  last = graph.position(xl_path + "position", last, "layer.0");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_xl_layer(graph, sizes, layer, last);
  }
  graph.ignore("(transformer\\.)?pos_emb\\.inv_freq|crit\\.out_(layers|projs)\\..*");
  if (graph.spec().task != "causal-lm") return frame.finish({}, last);
  graph.output("last_hidden_state", last);
  add_adaptive_softmax(graph, vocabulary, {xl_path + "word_emb", "crit"}, last);
  return graph.finish();
}

}  // namespace

Family transfo_xl() {
  return {
      .model_type = "transfo-xl",
      .build = build_transfo_xl,
      .special = {.eos = 0, .all_eos = {0}},
  };
}

}  // namespace locus::families
