// Longformer: Beltagy et al. 2020. Names: transformers' modeling_longformer.
#include <algorithm>

#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string longformer_path = "longformer.";

/// Which rows see all and are seen by all depends on the class: none, a text's first, those of a
/// question, those of an answer to choose.
struct LongformerClass {
  EncoderHead head;
  std::string global = "none";
};

std::vector<LongformerClass> longformer_classes() {
  return {
      {{"LongformerModel", "encoder", add_optional_pooler}},
      {{"LongformerForMaskedLM", "masked-lm", add_roberta_masked_lm, "lm_head.dense.weight"}},
      {{"LongformerForSequenceClassification", "sequence-classification", classify_first("tanh")},
       "first"},
      {{"LongformerForMultipleChoice", "multiple-choice", choose_pooled}, "after"},
      {{"LongformerForTokenClassification", "token-classification", classify_tokens}},
      {{"LongformerForQuestionAnswering", "question-answering", find_span}, "before"},
  };
}

LongformerClass choose_class(const Config& config, const Weights& weights) {
  const std::vector<LongformerClass> classes = longformer_classes();
  std::vector<EncoderHead> heads;
  for (const LongformerClass& each : classes) heads.push_back(each.head);
  const std::string& chosen = choose_head(config, weights, heads).architecture;
  return *std::ranges::find(
      classes, chosen,
      [](const LongformerClass& each) -> const auto& { return each.head.architecture; });
}

/// A width for each layer, half of it on each side of a query.
std::vector<int64_t> windows(const Config& config, int64_t layers) {
  constexpr std::string_view key = "attention_window";
  const std::vector<int64_t> widths = config.counts_of_each(key, layers, 512);
  for (const int64_t width : widths) {
    if (width % 2 != 0) config.fail(key, "even widths", std::to_string(width));
  }
  return widths;
}

/// What queries of the layers see, but for their windows.
Attributes global_rows(const Config& config, const LongformerClass& chosen) {
  Attributes attributes{{"visibility", "sliding"}};
  if (chosen.global == "none") return attributes;
  attributes.set("global", chosen.global);
  if (chosen.global != "first") attributes.set("global_id", config.whole("sep_token_id", 2));
  return attributes;
}

PostNormLayer longformer_layer(GraphBuilder& graph, int64_t layer, const Attributes& seen) {
  const std::string at = longformer_path + "encoder.layer." + std::to_string(layer) + ".";
  PostNormLayer made = bert_layer(graph, at, "position");
  made.attention_attributes = seen;
  const std::string self = at + "attention.self.";
  const WeightSlots global = graph.affine("global_query", self + "query_global") +
                             graph.affine("global_key", self + "key_global") +
                             graph.affine("global_value", self + "value_global");
  if (seen.contains("global")) {
    made.projections = made.projections + global;
  } else {
    graph.ignore(".*\\.attention\\.self\\.(query|key|value)_global\\.(weight|bias)");
  }
  return made;
}

std::string add_longformer_layers(GraphBuilder& graph, const PostNormConfig& sizes, Attributes seen,
                                  std::string last) {
  const std::vector<int64_t> widths = windows(graph.config(), sizes.layers);
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    for (const char* side : {"left", "right"}) seen.set(side, widths[layer] / 2);
    last = add_post_norm_layer(graph, sizes, longformer_layer(graph, layer, seen), last);
  }
  return last;
}

FamilyGraph build_longformer(const Config& config, const Weights& weights) {
  expect_encoder(config);
  const PostNormConfig sizes(config, {});
  const LongformerClass chosen = choose_class(config, weights);
  GraphBuilder graph(config, weights, {longformer_path, chosen.head.task == "encoder"});
  const int64_t padding = config.whole("pad_token_id", 1);
  graph.describe("longformer", chosen.head.task, {sizes.width, context_after(config, padding + 1)});
  graph.learned_encoding({.encoding = "position",
                          .position = longformer_path + "embeddings.position",
                          .table = longformer_path + "embeddings.position_embeddings",
                          .rows = graph.spec().context,
                          .width = sizes.width,
                          .offset = padding + 1});
  std::string last = add_embeddings(
      graph, sizes, {longformer_path + "embeddings.", "position", {{"padding", padding}}});
  last = add_longformer_layers(graph, sizes, global_rows(config, chosen), last);
  finish_encoder(chosen.head, {graph, sizes, longformer_path, last});
  graph.ignore("(longformer\\.)?embeddings\\.position_ids");
  ignore_pretraining(graph, longformer_path);
  return graph.finish();
}

}  // namespace

Family longformer() {
  return {
      .model_type = "longformer",
      .build = build_longformer,
      .special = {.bos = 0, .eos = 2, .pad = 1, .all_eos = {2}},
  };
}

}  // namespace locus::families
