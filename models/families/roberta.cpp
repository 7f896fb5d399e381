// RoBERTa: Liu et al. 2019; XLM-R: Conneau et al. 2020; CamemBERT: Martin et al. 2020. Names:
// transformers' modeling_roberta, which the other two follow.
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string roberta_path = "roberta.";

/// The classes of a type, whose names begin with `prefix`.
std::vector<EncoderHead> roberta_heads(const std::string& prefix) {
  return {
      {prefix + "Model", "encoder", add_optional_pooler},
      {prefix + "ForMaskedLM", "masked-lm", add_roberta_masked_lm, "lm_head.dense.weight"},
      {prefix + "ForCausalLM", "masked-lm", add_roberta_masked_lm},
      {prefix + "ForSequenceClassification", "sequence-classification", classify_first("tanh")},
      {prefix + "ForMultipleChoice", "multiple-choice", choose_pooled},
      {prefix + "ForTokenClassification", "token-classification", classify_tokens},
      {prefix + "ForQuestionAnswering", "question-answering", find_span},
  };
}

/// What sets the three types apart.
struct RobertaType {
  std::string prefix;
  int64_t vocabulary;
};

FamilyGraph build(const Config& config, const Weights& weights, const RobertaType& type) {
  const PostNormConfig sizes(config, {.vocabulary = type.vocabulary});
  const std::vector<EncoderHead> heads = roberta_heads(type.prefix);
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {roberta_path, head.task == "encoder"});
  graph.spec().family = "roberta";
  graph.spec().width = sizes.width;

  // Rows up to that of the padding token stand for no position.
  const int64_t padding = config.whole("pad_token_id", 1);
  graph.spec().context = context_after(config, padding + 1);
  const std::vector<std::string> encodings =
      add_bert_positions(graph, sizes, {roberta_path, padding + 1});
  const std::string embedded = add_embeddings(
      graph, sizes, {roberta_path + "embeddings.", encodings[0], {{"padding", padding}}});
  const std::string last = add_post_norm_layers(graph, sizes, roberta_path, embedded,
                                                [&](int64_t layer) { return encodings[layer]; });
  finish_encoder(head, {graph, sizes, roberta_path, last});
  graph.ignore(
      "(roberta\\.)?embeddings\\.(position_ids|token_type_ids|position_embeddings\\.weight)");
  ignore_pretraining(graph, roberta_path);
  return graph.finish();
}

FamilyGraph build_roberta(const Config& config, const Weights& weights) {
  return build(config, weights, {"Roberta", 50265});
}

FamilyGraph build_xlm_roberta(const Config& config, const Weights& weights) {
  return build(config, weights, {"XLMRoberta", 30522});
}

FamilyGraph build_camembert(const Config& config, const Weights& weights) {
  return build(config, weights, {"Camembert", 30522});
}

}  // namespace

Family roberta() {
  return {
      .model_type = "roberta",
      .build = build_roberta,
      .special = {.bos = 0, .eos = 2, .pad = 1, .all_eos = {2}},
  };
}

Family xlm_roberta() {
  return {
      .model_type = "xlm-roberta",
      .build = build_xlm_roberta,
      .special = {.bos = 0, .eos = 2, .pad = 1, .all_eos = {2}},
  };
}

Family camembert() {
  return {
      .model_type = "camembert",
      .build = build_camembert,
      .special = {.bos = 0, .eos = 2, .pad = 1, .all_eos = {2}},
  };
}

}  // namespace locus::families
