// NEZHA: Wei et al. 2019. Names: transformers' modeling_nezha.
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string nezha_path = "nezha.";

std::vector<EncoderHead> nezha_heads() {
  return {
      {"NezhaModel", "encoder", add_optional_pooler},
      {"NezhaForMaskedLM", "masked-lm", add_bert_masked_lm,
       "cls.predictions.transform.dense.weight"},
      {"NezhaForPreTraining", "masked-lm", add_bert_pretraining},
      {"NezhaForNextSentencePrediction", "next-sentence", follow_pooled},
      {"NezhaForSequenceClassification", "sequence-classification", classify_pooled},
      {"NezhaForMultipleChoice", "multiple-choice", choose_pooled},
      {"NezhaForTokenClassification", "token-classification", classify_tokens},
      {"NezhaForQuestionAnswering", "question-answering", find_span},
  };
}

FamilyGraph build_nezha(const Config& config, const Weights& weights) {
  const PostNormConfig sizes(config, {.vocabulary = 21128});
  const std::vector<EncoderHead> heads = nezha_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {nezha_path, head.task == "encoder"});
  graph.spec().family = "nezha";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  // Fixed vectors, the same in all layers; distances beyond the clip share one.
  const Attributes clip{{"clip", config.count("max_relative_position", 64)}};
  graph.encoding("position", {{{"nezha", clip}}, {}}, nezha_path + "embeddings.position");
  const std::string embedded =
      add_embeddings(graph, sizes, {nezha_path + "embeddings.", "position"});
  const std::string last =
      add_post_norm_layers(graph, sizes, nezha_path, embedded, [](int64_t) { return "position"; });
  finish_encoder(head, {graph, sizes, nezha_path, last});
  graph.ignore("(nezha\\.)?embeddings\\.(position_ids|token_type_ids)");
  graph.ignore("(nezha\\.)?encoder\\.layer\\.\\d+\\..*positions_encoding");
  ignore_pretraining(graph, nezha_path);
  return graph.finish();
}

}  // namespace

Family nezha() {
  return {
      .model_type = "nezha",
      .build = build_nezha,
      .special = {.bos = 2, .eos = 3, .pad = 0, .all_eos = {3}},
  };
}

}  // namespace locus::families
