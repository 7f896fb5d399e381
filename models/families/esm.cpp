// ESM-2: Lin et al. 2023; ESM-1b, with learned positions: Rives et al. 2021. Proteins, a residue
// a token. Names: transformers' modeling_esm.
#include "base/error.hpp"
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/rope_config.hpp"
#include "models/families/parts/stored_frequencies.hpp"

namespace locus::families {
namespace {

const std::string esm_path = "esm.";
constexpr double hidden_in_training = 0.15 * 0.8;

void add_esm_masked_lm(const EncoderEnd& end) {
  GraphBuilder& graph = end.graph;
  const std::string at = "lm_head.";
  const std::string table = end.base + "embeddings.word_embeddings.weight";
  const std::string dense = graph.linear(
      at + "activation", graph.requested(at + "gather", end.last), at + "dense", "gelu");
  const std::string norm = graph.layer_norm(at + "layer_norm", dense, end.sizes.epsilon);
  const WeightSlots weights{{"weight", graph.head_weight({at + "decoder.weight", table})},
                            {"bias", graph.weight(at + "bias")}};
  graph.output("logits", graph.add({
                             .name = "lm_head",
                             .kind = "linear",
                             .inputs = {norm},
                             .weights = weights,
                         }));
}

std::vector<EncoderHead> esm_heads() {
  return {
      {"EsmModel", "encoder", add_optional_pooler},
      {"EsmForMaskedLM", "masked-lm", add_esm_masked_lm, "lm_head.dense.weight"},
      {"EsmForSequenceClassification", "sequence-classification", classify_first("tanh")},
      {"EsmForTokenClassification", "token-classification", classify_tokens},
  };
}

/// The one rotation of all layers, of which a file holds the frequencies once or in each layer.
WeightSlots stored_rotation(const Weights& weights, const FrequencyFormula& formula) {
  std::string first;
  for (const std::string& name : weights.names()) {
    if (!name.ends_with("rotary_embeddings.inv_freq")) continue;
    if (first.empty()) first = name;
    if (weights.same_bytes(first, name)) continue;
    throw Error(name, "the values of '" + first + "'", "others");
  }
  return first.empty() ? WeightSlots{} : rounded_frequencies(weights, first, formula);
}

/// Rotations, or a table whose first rows, up to that of the padding, stand for no position.
void add_esm_positions(GraphBuilder& graph, const Weights& weights, const PostNormConfig& sizes,
                       int64_t padding) {
  const Config& config = graph.config();
  const std::string type = config.text("position_embedding_type", "absolute");
  const std::string at = esm_path + "embeddings.position";
  if (type == "rotary") {
    graph.spec().context = config.count("max_position_embeddings", 1026);
    const FrequencyFormula formula{config.number("rope_theta", 10000), sizes.width / sizes.heads};
    const Attributes rope{{"pairing", "half"}, {"base", formula.base}};
    graph.encoding("position", {{{"rope", rope}}, stored_rotation(weights, formula)}, at);
    return;
  }
  if (type != "absolute") {
    config.fail("position_embedding_type", "rotary or absolute", "'" + type + "'");
  }
  graph.spec().context = context_after(config, padding + 1);
  graph.learned_encoding({.encoding = "position",
                          .position = at,
                          .table = esm_path + "embeddings.position_embeddings",
                          .rows = graph.spec().context,
                          .width = sizes.width,
                          .offset = padding + 1});
}

std::string add_esm_embeddings(GraphBuilder& graph, const PostNormConfig& sizes, int64_t padding) {
  const Config& config = graph.config();
  const std::string at = esm_path + "embeddings.";
  std::string last =
      graph.embedding(at + "word_embeddings", "ids", {sizes.vocabulary, sizes.width});
  if (config.boolean("token_dropout", false)) {
    last = graph.add({
        .name = at + "token_dropout",
        .kind = "token_dropout",
        .inputs = {last},
        .attributes = {{"id", config.count("mask_token_id", 32)}, {"share", hidden_in_training}},
    });
  }
  last = graph.position(at + "position", last, "position", {{"padding", padding}});
  if (!config.boolean("emb_layer_norm_before", false)) return last;
  return graph.layer_norm(at + "layer_norm", last, sizes.epsilon);
}

std::string add_esm_layer(GraphBuilder& graph, const PostNormConfig& sizes, int64_t layer,
                          const std::string& input) {
  const std::string block = esm_path + "encoder.layer." + std::to_string(layer);
  const std::string at = block + ".";
  const NodeSpec attention = bert_attention(graph, sizes, at);
  const NodeSpec fed = feed_forward_node(graph, {at + "intermediate.dense", at + "output.dense",
                                                 sizes.width, sizes.ffn_width, "gelu"});
  const NormMaker norm = layer_norm_of(graph, sizes.epsilon);
  const std::string middle = add_pre_norm(
      graph, norm, {attention, at + "attention.LayerNorm", at + "attention.add"}, input);
  return add_pre_norm(graph, norm, {fed, at + "LayerNorm", block}, middle);
}

FamilyGraph build_esm(const Config& config, const Weights& weights) {
  expect_encoder(config);
  if (config.boolean("is_folding_model", false)) config.fail("is_folding_model", "false", "true");
  PostNormConfig sizes(config, {.types = 0});
  const std::vector<EncoderHead> heads = esm_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {esm_path, head.task == "encoder"});
  graph.spec().family = "esm";
  graph.spec().width = sizes.width;

  expect_head_dim(config, sizes.width / sizes.heads);
  const int64_t padding = config.whole("pad_token_id", 1);
  add_esm_positions(graph, weights, sizes, padding);
  std::string last = add_esm_embeddings(graph, sizes, padding);
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_esm_layer(graph, sizes, layer, last);
  }
  last = graph.layer_norm(esm_path + "encoder.emb_layer_norm_after", last, sizes.epsilon);
  finish_encoder(head, {graph, sizes, esm_path, last});
  graph.ignore(
      "(esm\\.)?(contact_head\\..*|embeddings\\.(position_ids|position_embeddings\\.weight))");
  graph.ignore(".*rotary_embeddings\\.inv_freq");
  ignore_pretraining(graph, esm_path);
  return graph.finish();
}

}  // namespace

Family esm() {
  return {
      .model_type = "esm",
      .build = build_esm,
      .special = {.eos = 2, .all_eos = {2}},
  };
}

}  // namespace locus::families
