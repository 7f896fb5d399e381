// MPT: MosaicML 2023. Names: transformers' modeling_mpt.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/fused_weights.hpp"

namespace locus::families {
namespace {

const std::string mpt_path = "transformer.";

struct MptConfig {
  explicit MptConfig(const Config& config)
      : vocabulary(config.count("vocab_size", 50368)),
        width(config.count(config.either("d_model", "hidden_size"), 2048)),
        layers(config.layers(config.either("n_layers", "num_hidden_layers"), 24)),
        heads(config.count(config.either("n_heads", "num_attention_heads"), 16)),
        head_size(config.share("d_model", width, "n_heads", heads)),
        ffn_width(4 * width),  // whatever `expansion_ratio` says
        context(config.count("max_seq_len", 2048)),
        epsilon(config.number("layer_norm_epsilon", 1e-5)),
        biased(!config.boolean("no_bias", true)) {
    if (config.has("logit_scale")) config.fail("logit_scale", "null", "a value");
    const Config attention = config.object("attn_config");
    const std::string type = attention.text("attn_type", "multihead_attention");
    if (type != "multihead_attention") {
      attention.fail("attn_type", "multihead_attention", "'" + type + "'");
    }
    for (const std::string_view key : {"prefix_lm", "qk_ln", "attn_uses_sequence_id"}) {
      if (attention.boolean(key, false)) attention.fail(key, "false", "true");
    }
    if (!attention.boolean("alibi", true)) attention.fail("alibi", "true", "false");
    max_bias = attention.number("alibi_bias_max", 8);
    scale = attention.number("softmax_scale", 0);
    if (scale == 0 && attention.has("softmax_scale")) {
      attention.fail("softmax_scale", "a number other than 0", "0");
    }
    clip = attention.number("clip_qkv", 0);
  }

  int64_t vocabulary, width, layers, heads, head_size, ffn_width, context;
  double epsilon;
  bool biased;
  double max_bias = 8;
  double scale = 0, clip = 0;  ///< 0: the usual scale, no limit
};

Attributes mpt_attention(const MptConfig& config) {
  Attributes attributes = causal_attention({config.heads, config.head_size});
  if (config.scale != 0) attributes.set("scale", config.scale);
  if (config.clip != 0) attributes.set("limit", config.clip);
  return attributes;
}

NormMaker mpt_norm(GraphBuilder& graph, const MptConfig& config) {
  return [&graph, &config](const std::string& path, const std::string& input) {
    const WeightSlots slots = linear_slots(graph, "gain", path, config.biased);
    return graph.add({
        .name = path,
        .kind = "norm",
        .inputs = {input},
        .attributes = {{"epsilon", config.epsilon}},
        .weights = slots,
    });
  };
}

std::string add_mpt_layer(GraphBuilder& graph, const MptConfig& config, int64_t layer,
                          const std::string& input) {
  const std::string block = mpt_path + "blocks." + std::to_string(layer), at = block + ".";
  const FusedProduct fused{at + "attn.Wqkv", config.heads, config.head_size, config.width,
                           config.biased};
  const NodeSpec attention{
      .name = at + "attn.out_proj",
      .kind = "attention",
      .attributes = mpt_attention(config),
      .weights = side_by_side(graph, fused) +
                 linear_slots(graph, "output", at + "attn.out_proj", config.biased),
      .encoding = "position",
  };
  const NodeSpec fed =
      feed_forward_node(graph, {at + "ffn.up_proj", at + "ffn.down_proj", config.width,
                                config.ffn_width, "gelu", config.biased});
  const NormMaker norm = mpt_norm(graph, config);
  const std::string middle =
      add_pre_norm(graph, norm, {attention, at + "norm_1", at + "attn.add"}, input);
  return add_pre_norm(graph, norm, {fed, at + "norm_2", block}, middle);
}

FamilyGraph build_mpt(const Config& config, const Weights& weights) {
  const MptConfig sizes(config);
  CausalFrame frame(
      config, weights,
      {.family = "mpt", .base = mpt_path, .bare = "MptModel", .headed = "MptForCausalLM"},
      {sizes.width, sizes.context});
  GraphBuilder& graph = frame.graph();
  Attributes parameters;
  if (sizes.max_bias != 8) parameters.set("max_bias", sizes.max_bias);
  graph.encoding("position", {{{"alibi", parameters}}, {}}, mpt_path + "position");
  const std::string words =
      graph.embedding(mpt_path + "wte", "ids", {sizes.vocabulary, sizes.width});
  std::string last = graph.position(mpt_path + "position", words, "position");
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_mpt_layer(graph, sizes, layer, last);
  }
  last = mpt_norm(graph, sizes)(mpt_path + "norm_f", last);
  return frame.finish({"lm_head", mpt_path + "wte.weight", /*tied=*/true}, last);
}

}  // namespace

Family mpt() {
  return {
      .model_type = "mpt",
      .build = build_mpt,
  };
}

}  // namespace locus::families
