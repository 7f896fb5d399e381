// DistilBERT: Sanh et al. 2019. Names: transformers' modeling_distilbert.
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string distilbert_path = "distilbert.";

/// The first row of each sequence through `pre_classifier`.
std::string add_pre_classifier(const EncoderEnd& end) {
  const std::string first = end.graph.first("pre_classifier.gather", end.last);
  return end.graph.linear("pre_classifier.activation", first, "pre_classifier", "relu");
}

void classify_sequence(const EncoderEnd& end) {
  add_classifier(end, "classifier", add_pre_classifier(end));
}

void add_distilbert_masked_lm(const EncoderEnd& end) {
  add_masked_lm(end, {"vocab_transform.gather", "vocab_transform.activation", "vocab_transform",
                      "vocab_layer_norm", "vocab_projector", "vocab_projector.bias",
                      end.base + "embeddings.word_embeddings.weight", end.sizes.activation});
}

std::vector<EncoderHead> distilbert_heads() {
  return {
      {"DistilBertModel", "encoder", [](const EncoderEnd&) {}},
      {"DistilBertForMaskedLM", "masked-lm", add_distilbert_masked_lm, "vocab_transform.weight"},
      {"DistilBertForSequenceClassification", "sequence-classification", classify_sequence},
      {"DistilBertForMultipleChoice", "multiple-choice",
       [](const EncoderEnd& end) { add_choice(end.graph, "classifier", add_pre_classifier(end)); }},
      {"DistilBertForTokenClassification", "token-classification", classify_tokens},
      {"DistilBertForQuestionAnswering", "question-answering", find_span},
  };
}

PostNormConfig distilbert_sizes(const Config& config) {
  PostNormDefaults defaults;
  defaults.layers = 6;
  defaults.keys = {config.either("dim", "hidden_size"),
                   config.either("n_layers", "num_hidden_layers"),
                   config.either("n_heads", "num_attention_heads"), "hidden_dim", "activation"};
  PostNormConfig sizes(config, defaults);
  sizes.types = 0;
  sizes.epsilon = 1e-12;  // the class has no other
  return sizes;
}

/// A table either way; a sinusoid that the file leaves out is computed.
void add_encoding(GraphBuilder& graph, const PostNormConfig& sizes) {
  const std::string table = distilbert_path + "embeddings.position_embeddings.weight";
  const std::string position = distilbert_path + "embeddings.position";
  const WeightSlots stored{{"table", graph.weight(table)}};
  graph.check_shape(table, {graph.spec().context, sizes.width});
  if (graph.config().boolean("sinusoidal_pos_embds", false)) {
    const WeightSlots known = graph.stored(table) ? stored : WeightSlots{};
    graph.encoding("position", {{{"sinusoidal", {}}}, known}, position);
  } else {
    graph.encoding("position", {{{"learned", {}}}, stored}, position, {{"learned", stored}});
  }
}

PostNormLayer distilbert_layer(const GraphBuilder& graph, const std::string& at) {
  PostNormLayer layer;
  layer.attention = at + "attention.out_lin";
  layer.attention_add = at + "attention.add";
  layer.attention_norm = at + "sa_layer_norm";
  layer.up = at + "ffn.lin1";
  layer.down = at + "ffn.lin2";
  layer.add = at + "ffn.add";
  layer.norm = at + "output_layer_norm";
  layer.projections =
      graph.affine("query", at + "attention.q_lin") + graph.affine("key", at + "attention.k_lin") +
      graph.affine("value", at + "attention.v_lin") + graph.affine("output", layer.attention);
  layer.encoding = "position";
  return layer;
}

FamilyGraph build_distilbert(const Config& config, const Weights& weights) {
  expect_encoder(config);
  const PostNormConfig sizes = distilbert_sizes(config);
  const std::vector<EncoderHead> heads = distilbert_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {distilbert_path, head.task == "encoder"});
  graph.spec().family = "distilbert";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  add_encoding(graph, sizes);
  std::string last = add_embeddings(graph, sizes, {distilbert_path + "embeddings.", "position"});
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string at = distilbert_path + "transformer.layer." + std::to_string(layer) + ".";
    last = add_post_norm_layer(graph, sizes, distilbert_layer(graph, at), last);
  }
  finish_encoder(head, {graph, sizes, distilbert_path, last});
  graph.ignore("(distilbert\\.)?embeddings\\.(position_ids|position_embeddings\\.weight)");
  return graph.finish();
}

}  // namespace

Family distilbert() {
  return {
      .model_type = "distilbert",
      .build = build_distilbert,
      .special = {.pad = 0},
  };
}

}  // namespace locus::families
