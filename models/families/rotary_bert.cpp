// BERTs with rotations and a gated feed-forward: Nomic Embed (Nussbaum et al. 2024) and GTE (Zhang
// et al. 2024, mGTE). Names: those of published files, which transformers 5 keeps.
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

/// What the two families differ by; names lie below a layer's path.
struct RotaryBertStyle {
  std::string path;            ///< of the base model, with its dot
  std::string embedding_norm;  ///< below `path`
  std::string layers;          ///< below `path`
  std::string qkv, output;     ///< of attention
  std::string attention_norm, feed_forward_norm;
  std::string down;  ///< of the feed-forward
  /// The slots `up` and `gate`.
  WeightSlots (*up_and_gate)(const GraphBuilder& graph, const PostNormConfig& sizes,
                             const std::string& at);
};

NodeSpec rotary_attention(const GraphBuilder& graph, const PostNormConfig& sizes,
                          const RotaryBertStyle& style, const std::string& at) {
  const FusedProduct fused{.path = at + style.qkv,
                           .heads = sizes.heads,
                           .head_size = sizes.width / sizes.heads,
                           .width = sizes.width,
                           .biased = sizes.biased};
  graph.check_shape(fused.path + ".weight", {3 * sizes.width, sizes.width});
  return {
      .name = at + style.output,
      .kind = "attention",
      .attributes = {{"heads", sizes.heads}, {"head_size", fused.head_size}},
      .weights = side_by_side(graph, fused) +
                 linear_slots(graph, "output", at + style.output, sizes.biased),
      .encoding = "position",
  };
}

NodeSpec rotary_feed_forward(const GraphBuilder& graph, const PostNormConfig& sizes,
                             const RotaryBertStyle& style, const std::string& at) {
  graph.check_shape(at + style.down + ".weight", {sizes.width, sizes.ffn_width});
  return {
      .name = at + style.down,
      .kind = "feed_forward",
      .attributes = {{"activation", sizes.activation}},
      .weights = style.up_and_gate(graph, sizes, at) +
                 linear_slots(graph, "down", at + style.down, sizes.biased),
  };
}

std::string add_rotary_layers(GraphBuilder& graph, const PostNormConfig& sizes,
                              const RotaryBertStyle& style, std::string last) {
  const NormMaker norm = layer_norm_of(graph, sizes.epsilon);
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string at = style.path + style.layers + "." + std::to_string(layer) + ".";
    last = add_post_norm(graph, norm,
                         {rotary_attention(graph, sizes, style, at), at + style.attention_norm,
                          at + "attention.add"},
                         last);
    last = add_post_norm(graph, norm,
                         {rotary_feed_forward(graph, sizes, style, at),
                          at + style.feed_forward_norm, at + "mlp.add"},
                         last);
  }
  return last;
}

/// A rotary BERT from its parts.
struct RotaryBert {
  PostNormConfig sizes;
  RotaryBertStyle style;
  RopeValues rope;
  int64_t context;
  std::vector<EncoderHead> heads;
};

FamilyGraph build_rotary_bert(const RotaryBert& bert, const Config& config,
                              const Weights& weights) {
  expect_encoder(config);
  const EncoderHead& head = choose_head(config, weights, bert.heads);
  const std::string& path = bert.style.path;
  GraphBuilder graph(config, weights, {path, head.task == "encoder"});
  graph.spec().family = config.text("model_type", "");
  graph.spec().width = bert.sizes.width;
  graph.spec().context = bert.context;
  if (bert.rope.share != 1) {
    config.fail("partial_rotary_factor", "1", "another share of the head");
  }
  add_rope_encoding(graph, bert.rope, {.context = bert.context}, path + "embeddings.position");
  std::string last = add_token_vectors(graph, bert.sizes, {path + "embeddings.", "position"});
  last = graph.layer_norm(path + bert.style.embedding_norm, last, bert.sizes.epsilon);
  last = add_rotary_layers(graph, bert.sizes, bert.style, last);
  finish_encoder(head, {graph, bert.sizes, path, last});
  graph.ignore(".*(rotary_emb\\.inv_freq|embeddings\\.position_ids)");
  ignore_pretraining(graph, path);
  return graph.finish();
}

void add_nomic_masked_lm(const EncoderEnd& end) {
  const std::string at = "cls.predictions.", transform = at + "transform.";
  add_masked_lm(end, {at + "gather", transform + "transform_act_fn", transform + "dense",
                      transform + "layer_norm", at + "decoder", at + "bias",
                      end.base + "embeddings.word_embeddings.weight", end.sizes.activation});
}

/// `fc11` is multiplied by the activation of `fc12`.
WeightSlots nomic_gate(const GraphBuilder& graph, const PostNormConfig&, const std::string& at) {
  return graph.product("up", at + "mlp.fc11") + graph.product("gate", at + "mlp.fc12");
}

const RotaryBertStyle nomic_style{.path = "nomic_bert.",
                                  .embedding_norm = "emb_ln",
                                  .layers = "encoder.layers",
                                  .qkv = "attn.Wqkv",
                                  .output = "attn.out_proj",
                                  .attention_norm = "norm1",
                                  .feed_forward_norm = "norm2",
                                  .down = "mlp.fc2",
                                  .up_and_gate = nomic_gate};

/// What the code that Nomic published could do and its models do not.
void expect_nomic(const Config& config) {
  for (const char* key : {"prenorm", "parallel_block", "use_rms_norm", "causal", "qkv_proj_bias",
                          "mlp_fc1_bias", "mlp_fc2_bias", "rotary_emb_interleaved"}) {
    if (config.boolean(key, false)) config.fail(key, "false", "true");
  }
  for (const char* key : {"rotary_scaling_factor", "rotary_emb_scale_base"}) {
    if (config.has(key)) config.fail(key, "null: it is not followed", "a number");
  }
  if (config.number("rotary_emb_fraction", 1) != 1) {
    config.fail("rotary_emb_fraction", "1", "another share of the head");
  }
}

/// The published configs are GPT-2's in their keys.
PostNormKeys nomic_keys(const Config& config) {
  if (!config.has("n_embd")) return {};
  return {.width = "n_embd",
          .layers = "n_layer",
          .heads = "n_head",
          .ffn_width = "n_inner",
          .activation = "activation_function"};
}

std::string nomic_activation(const Config& config) {
  if (!config.has("activation_function")) return config.activation("hidden_act", "silu");
  const std::string name = config.text("activation_function", "swiglu");
  if (name == "swiglu") return "silu";
  if (name != "geglu") config.fail("activation_function", "swiglu or geglu", "'" + name + "'");
  return "gelu";
}

FamilyGraph build_nomic_bert(const Config& config, const Weights& weights) {
  expect_nomic(config);
  const bool published = config.has("n_embd");
  PostNormKeys keys = nomic_keys(config);
  keys.activation = "hidden_act";
  PostNormConfig sizes(config, {.vocabulary = 30528, .keys = keys});
  sizes.activation = nomic_activation(config);
  sizes.biased = false;
  if (published) sizes.epsilon = config.number("layer_norm_epsilon", 1e-12);
  expect_head_dim(config, sizes.width / sizes.heads);
  const RopeKeys older{.base = published ? "rotary_emb_base" : "rope_theta",
                       .default_base = published ? 10000.0 : 1000.0};
  const int64_t context = config.count(published ? "n_positions" : "max_position_embeddings", 2048);
  return build_rotary_bert(
      {sizes,
       nomic_style,
       read_rope(config, older),
       context,
       {{"NomicBertModel", "encoder", add_optional_pooler},
        {"NomicBertForMaskedLM", "masked-lm", add_nomic_masked_lm, "cls.predictions.bias"},
        {"NomicBertForPreTraining", "masked-lm", add_nomic_masked_lm},
        {"NomicBertForSequenceClassification", "sequence-classification", classify_pooled},
        {"NomicBertForTokenClassification", "token-classification", classify_tokens}}},
      config, weights);
}

void add_gte_masked_lm(const EncoderEnd& end) {
  const std::string at = "lm_head.";
  // That of transformers 5 has no choice, that of the published code has.
  const bool published = end.graph.config().text("model_type", "gte") == "new";
  const std::string activation = published ? end.sizes.activation : "gelu";
  add_masked_lm(end, {at + "gather", at + "activation", at + "dense", at + "norm", at + "decoder",
                      at + "bias", end.base + "embeddings.word_embeddings.weight", activation});
}

/// The first half is multiplied by the activation of the second.
WeightSlots gte_gate(const GraphBuilder& graph, const PostNormConfig& sizes,
                     const std::string& at) {
  const std::string fused = at + "mlp.up_gate_proj";
  graph.check_shape(fused + ".weight", {2 * sizes.ffn_width, sizes.width});
  return block_of_rows(graph, {"up", fused, 0, sizes.ffn_width}) +
         block_of_rows(graph, {"gate", fused, sizes.ffn_width, 2 * sizes.ffn_width});
}

/// What the code that GTE was published with could do beside what transformers 5 does.
void expect_gte(const Config& config) {
  for (const char* key : {"logn_attention_scale", "logn_attention_clip1"}) {
    if (config.boolean(key, false)) config.fail(key, "false", "true");
  }
  if (!config.boolean("pack_qkv", true)) config.fail("pack_qkv", "true", "false");
  const std::string positions = config.text("position_embedding_type", "rope"),
                    norm = config.text("layer_norm_type", "layer_norm");
  if (positions != "rope") {
    config.fail("position_embedding_type", "rope", "'" + positions + "'");
  }
  if (norm != "layer_norm") config.fail("layer_norm_type", "layer_norm", "'" + norm + "'");
}

FamilyGraph build_gte(const Config& config, const Weights& weights) {
  expect_gte(config);
  const bool published = config.text("model_type", "gte") == "new";
  const std::string prefix = published ? "New" : "Gte";
  const PostNormConfig sizes(config, {.vocabulary = published ? 30528 : 250048, .types = 1});
  expect_head_dim(config, sizes.width / sizes.heads);
  const RotaryBertStyle style{.path = published ? "new." : "gte.",
                              .embedding_norm = "embeddings.LayerNorm",
                              .layers = "encoder.layer",
                              .qkv = "attention.qkv_proj",
                              .output = "attention.o_proj",
                              .attention_norm = "attn_ln",
                              .feed_forward_norm = "mlp_ln",
                              .down = "mlp.down_proj",
                              .up_and_gate = gte_gate};
  const RopeKeys older{.default_base = published ? 10000.0 : 160000.0};
  return build_rotary_bert(
      {sizes,
       style,
       read_rope(config, older),
       config.count("max_position_embeddings", published ? 2048 : 8192),
       {{prefix + "Model", "encoder", add_optional_pooler},
        {prefix + "ForMaskedLM", "masked-lm", add_gte_masked_lm, "lm_head.dense.weight"},
        {prefix + "ForSequenceClassification", "sequence-classification", classify_pooled},
        {prefix + "ForTokenClassification", "token-classification", classify_tokens}}},
      config, weights);
}

}  // namespace

Family nomic_bert() {
  return {.model_type = "nomic_bert", .build = build_nomic_bert, .special = {.pad = 0}};
}

Family gte() { return {.model_type = "gte", .build = build_gte, .special = {.pad = 1}}; }

/// GTE as it was published, before transformers had it.
Family new_gte() { return {.model_type = "new", .build = build_gte, .special = {.pad = 0}}; }

}  // namespace locus::families
