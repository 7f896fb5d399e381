// MPNet: Song et al. 2020. Names: transformers' modeling_mpnet.
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string mpnet_path = "mpnet.";
constexpr int64_t padding = 1;  // whatever the config says

std::vector<EncoderHead> mpnet_heads() {
  return {
      {"MPNetModel", "encoder", add_optional_pooler},
      {"MPNetForMaskedLM", "masked-lm", add_roberta_masked_lm, "lm_head.dense.weight"},
      {"MPNetForSequenceClassification", "sequence-classification", classify_first("tanh")},
      {"MPNetForMultipleChoice", "multiple-choice", choose_pooled},
      {"MPNetForTokenClassification", "token-classification", classify_tokens},
      {"MPNetForQuestionAnswering", "question-answering", find_span},
  };
}

/// Absolute positions and T5's buckets, of one table for all layers.
void add_mpnet_encoding(GraphBuilder& graph, const PostNormConfig& sizes) {
  constexpr int64_t buckets = 32;  // the class knows no other number
  graph.config().expect("relative_attention_num_buckets", buckets);
  const std::string table = mpnet_path + "embeddings.position_embeddings.weight";
  graph.check_shape(table, {graph.spec().context + padding + 1, sizes.width});
  const WeightRef absolute = graph.weight(table);
  const WeightRef bias = graph.weight(mpnet_path + "encoder.relative_attention_bias.weight");
  const Attributes offset{{"offset", padding + 1}};
  graph.encoding("position",
                 {{{"learned", offset}, {"t5", {}}}, {{"table", absolute}, {"1.table", bias}}},
                 mpnet_path + "embeddings.position",
                 {{"learned", {{"table", absolute}}}, {"t5", {{"table", bias}}}});
}

PostNormLayer mpnet_layer(const GraphBuilder& graph, const std::string& at) {
  PostNormLayer layer = bert_layer(graph, at, "position");
  layer.attention = at + "attention.attn.o";
  layer.attention_add = at + "attention.add";
  layer.attention_norm = at + "attention.LayerNorm";
  layer.projections = graph.affine("query", at + "attention.attn.q") +
                      graph.affine("key", at + "attention.attn.k") +
                      graph.affine("value", at + "attention.attn.v") +
                      graph.affine("output", layer.attention);
  return layer;
}

FamilyGraph build_mpnet(const Config& config, const Weights& weights) {
  expect_encoder(config);
  PostNormConfig sizes(config, {.vocabulary = 30527});
  sizes.types = 0;
  const std::vector<EncoderHead> heads = mpnet_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {mpnet_path, head.task == "encoder"});
  graph.spec().family = "mpnet";
  graph.spec().width = sizes.width;
  graph.spec().context = context_after(config, padding + 1);

  add_mpnet_encoding(graph, sizes);
  std::string last = add_embeddings(
      graph, sizes, {mpnet_path + "embeddings.", "position", {{"padding", padding}}});
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string at = mpnet_path + "encoder.layer." + std::to_string(layer) + ".";
    last = add_post_norm_layer(graph, sizes, mpnet_layer(graph, at), last);
  }
  finish_encoder(head, {graph, sizes, mpnet_path, last});
  graph.ignore("(mpnet\\.)?embeddings\\.(position_ids|position_embeddings\\.weight)");
  graph.ignore("(mpnet\\.)?encoder\\.relative_attention_bias\\.weight");
  ignore_pretraining(graph, mpnet_path);
  return graph.finish();
}

}  // namespace

Family mpnet() {
  return {
      .model_type = "mpnet",
      .build = build_mpnet,
      .special = {.bos = 0, .eos = 2, .pad = 1, .all_eos = {2}},
  };
}

}  // namespace locus::families
