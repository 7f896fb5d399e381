// ModernBERT: Warner et al. 2024. Names: transformers' modeling_modernbert.
#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/modernbert_layers.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

const std::string modernbert_path = "model.";

std::string pool_sequence(const EncoderEnd& end) {
  const std::string pooling = end.graph.config().text("classifier_pooling", "cls");
  const std::string name = "head.gather";
  if (pooling == "cls") return end.graph.first(name, end.last);
  if (pooling != "mean") {
    end.graph.config().fail("classifier_pooling", "cls or mean", "'" + pooling + "'");
  }
  return end.graph.add({
      .name = name,
      .kind = "pool",
      .inputs = {end.last},
      .attributes = {{"kind", pooling}},
  });
}

std::vector<EncoderHead> modernbert_heads() {
  return {
      {"ModernBertModel", "encoder", [](const EncoderEnd&) {}},
      {"ModernBertForMaskedLM", "masked-lm",
       [](const EncoderEnd& end) { add_modernbert_words(end, "head"); }, "decoder.bias"},
      {"ModernBertForSequenceClassification", "sequence-classification",
       [](const EncoderEnd& end) {
         add_classifier(end, "classifier", add_prediction_head(end, "head", pool_sequence(end)));
       }},
      {"ModernBertForTokenClassification", "token-classification",
       [](const EncoderEnd& end) {
         add_classifier(end, "classifier", add_prediction_head(end, "head", end.last));
       }},
      {"ModernBertForQuestionAnswering", "question-answering",
       [](const EncoderEnd& end) {
         add_span(end.graph, add_prediction_head(end, "head", end.last), "classifier");
       }},
      {"ModernBertForMultipleChoice", "multiple-choice",
       [](const EncoderEnd& end) {
         add_choice(end.graph, "classifier", add_prediction_head(end, "head", pool_sequence(end)));
       }},
  };
}

NodeSpec fused_attention(const GraphBuilder& graph, const PostNormConfig& sizes, int64_t layer,
                         const std::string& at) {
  const ModernBertConfig config(graph.config());
  const int64_t width = sizes.width;
  const WeightSlots fused = linear_slots(graph, "weight", at + "Wqkv", config.attention_bias);
  Attributes attributes{{"heads", sizes.heads}, {"head_size", width / sizes.heads}};
  if (config.local(layer)) {
    attributes.set("visibility", "sliding");
    attributes.set("left", config.side);
    attributes.set("right", config.side);
  }
  return {
      .name = at + "Wo",
      .kind = "attention",
      .attributes = attributes,
      .weights = block_of(fused, "query", 0, width) + block_of(fused, "key", width, 2 * width) +
                 block_of(fused, "value", 2 * width, 3 * width) +
                 linear_slots(graph, "output", at + "Wo", config.attention_bias),
      .encoding = config.local(layer) ? "local" : "global",
  };
}

FamilyGraph build_modernbert(const Config& config, const Weights& weights) {
  expect_encoder(config);
  config.idle({"decoder_bias", "global_attn_every_n_layers"});  // of one class, of older configs
  const PostNormConfig sizes = modernbert_sizes(config);
  expect_head_dim(config, sizes.width / sizes.heads);
  const std::vector<EncoderHead> heads = modernbert_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {modernbert_path, head.task == "encoder"});
  graph.spec().family = "modernbert";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 8192);

  const std::string last = add_modernbert_layers(graph, sizes, fused_attention);
  finish_encoder(head, {graph, sizes, modernbert_path, last});
  return graph.finish();
}

}  // namespace

Family modernbert() {
  return {
      .model_type = "modernbert",
      .build = build_modernbert,
      .special = {.bos = 50281, .eos = 50282, .pad = 50283, .all_eos = {50282}},
  };
}

}  // namespace locus::families
