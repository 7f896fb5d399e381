// BERT: Devlin et al. 2019. Names: transformers' modeling_bert.
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/jina_bert.hpp"

namespace locus::families {
namespace {

const std::string bert_path = "bert.";

std::vector<EncoderHead> bert_heads() {
  return {
      {"BertModel", "encoder", add_optional_pooler},
      {"BertForMaskedLM", "masked-lm", add_bert_masked_lm,
       "cls.predictions.transform.dense.weight"},
      {"BertForPreTraining", "masked-lm", add_bert_pretraining},
      {"BertLMHeadModel", "masked-lm", add_bert_masked_lm},
      {"BertForNextSentencePrediction", "next-sentence", follow_pooled},
      {"BertForSequenceClassification", "sequence-classification", classify_pooled},
      {"BertForMultipleChoice", "multiple-choice", choose_pooled},
      {"BertForTokenClassification", "token-classification", classify_tokens},
      {"BertForQuestionAnswering", "question-answering", find_span},
  };
}

FamilyGraph build_bert(const Config& config, const Weights& weights) {
  if (is_jina_bert(config)) return build_jina_bert(config, weights);
  const PostNormConfig sizes(config, {});
  const std::vector<EncoderHead> heads = bert_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {bert_path, head.task == "encoder"});
  graph.spec().family = "bert";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  const std::vector<std::string> encodings = add_bert_positions(graph, sizes, {bert_path});
  const std::string embedded =
      add_embeddings(graph, sizes, {bert_path + "embeddings.", encodings[0]});
  const std::string last = add_post_norm_layers(graph, sizes, bert_path, embedded,
                                                [&](int64_t layer) { return encodings[layer]; });
  finish_encoder(head, {graph, sizes, bert_path, last});
  graph.ignore("(bert\\.)?embeddings\\.(position_ids|token_type_ids|position_embeddings\\.weight)");
  ignore_pretraining(graph, bert_path);
  return graph.finish();
}

}  // namespace

Family bert() {
  return {
      .model_type = "bert",
      .build = build_bert,
      .special = {.pad = 0},
  };
}

}  // namespace locus::families
