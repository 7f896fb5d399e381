// RoFormer: Su et al. 2021. Names: transformers' modeling_roformer.
#include "models/encoder_heads.hpp"

namespace locus {
namespace {

const std::string roformer_path = "roformer.";

std::vector<EncoderHead> roformer_heads(const PostNormConfig& sizes) {
  return {
      {"RoFormerModel", "encoder", [](const EncoderEnd&) {}},
      {"RoFormerForMaskedLM", "masked-lm", add_bert_masked_lm,
       "cls.predictions.transform.dense.weight"},
      {"RoFormerForCausalLM", "masked-lm", add_bert_masked_lm},
      {"RoFormerForSequenceClassification", "sequence-classification",
       classify_first(sizes.activation)},
      {"RoFormerForMultipleChoice", "multiple-choice", choose_summary({})},
      {"RoFormerForTokenClassification", "token-classification", classify_tokens},
      {"RoFormerForQuestionAnswering", "question-answering", find_span},
  };
}

}  // namespace

FamilyGraph build_roformer(const Config& config, const Weights& weights) {
  PostNormConfig sizes(config, {.vocabulary = 50000});
  sizes.embedding = config.count("embedding_size", sizes.width);
  const std::vector<EncoderHead> heads = roformer_heads(sizes);
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {roformer_path, head.task == "encoder"});
  graph.spec().family = "roformer";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 1536);

  const Attributes rope{{"pairing", std::string("interleaved")},
                        {"rotate_value", config.boolean("rotary_value", false)}};
  const std::string position = roformer_path + "encoder.position";
  graph.encoding("position", {{{"rope", rope}}, {}}, position);
  // Token vectors of `embedding_size` are normalised there, then as wide as the layers.
  const std::string narrow = add_embeddings(graph, sizes, {roformer_path + "embeddings.", {}});
  const std::string embedded = graph.position(
      position, widen_embeddings(graph, sizes, roformer_path + "embeddings_project", narrow),
      "position");
  const std::string last = add_post_norm_layers(graph, sizes, roformer_path, embedded,
                                                [](int64_t) { return "position"; });
  finish_encoder(head, {graph, sizes, roformer_path, last});
  // The reference stores the sinusoid that it computes.
  graph.ignore("(roformer\\.)?encoder\\.embed_positions\\.weight");
  ignore_pretraining(graph, roformer_path);
  return graph.finish();
}

}  // namespace locus
