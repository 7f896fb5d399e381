// ALBERT: Lan et al. 2020. Names: transformers' modeling_albert, but that layers which share their
// weights are numbered as they are computed: `albert.encoder.layer.N.INNER`.
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string albert_path = "albert.";

std::string add_albert_pooler(const EncoderEnd& end) {
  const std::string at = end.base + "pooler";
  std::string pooled =
      end.graph.linear(at + "_activation", end.graph.first(at + ".gather", end.last), at, "tanh");
  end.graph.output("pooler_output", pooled);
  return pooled;
}

void add_optional_albert_pooler(const EncoderEnd& end) {
  if (end.graph.stored(end.base + "pooler.weight")) add_albert_pooler(end);
}

void add_albert_masked_lm(const EncoderEnd& end) {
  const std::string at = "predictions.";
  add_masked_lm(
      end, {at + "gather", at + "activation", at + "dense", at + "LayerNorm", at + "decoder",
            at + "bias", end.base + "embeddings.word_embeddings.weight", end.sizes.activation});
}

void add_albert_pretraining(const EncoderEnd& end) {
  add_optional_albert_pooler(end);
  add_albert_masked_lm(end);
}

std::vector<EncoderHead> albert_heads() {
  return {
      {"AlbertModel", "encoder", add_optional_albert_pooler},
      {"AlbertForMaskedLM", "masked-lm", add_albert_masked_lm, "predictions.dense.weight"},
      {"AlbertForPreTraining", "masked-lm", add_albert_pretraining},
      {"AlbertForSequenceClassification", "sequence-classification",
       [](const EncoderEnd& end) { add_classifier(end, "classifier", add_albert_pooler(end)); }},
      {"AlbertForMultipleChoice", "multiple-choice",
       [](const EncoderEnd& end) { add_choice(end.graph, "classifier", add_albert_pooler(end)); }},
      {"AlbertForTokenClassification", "token-classification", classify_tokens},
      {"AlbertForQuestionAnswering", "question-answering", find_span},
  };
}

PostNormConfig albert_sizes(const Config& config) {
  PostNormDefaults defaults{.vocabulary = 30000, .width = 4096, .heads = 64, .ffn_width = 16384};
  defaults.activation = "gelu_new";
  PostNormConfig sizes(config, defaults);
  sizes.embedding = config.count("embedding_size", 128);
  return sizes;
}

PostNormLayer albert_layer(const GraphBuilder& graph, const std::string& at,
                           const std::string& encoding) {
  PostNormLayer layer;
  layer.attention = at + "attention.dense";
  layer.attention_add = at + "attention.add";
  layer.attention_norm = at + "attention.LayerNorm";
  layer.up = at + "ffn";
  layer.down = at + "ffn_output";
  layer.add = at + "add";
  layer.norm = at + "full_layer_layer_norm";
  layer.projections =
      graph.affine("query", at + "attention.query") + graph.affine("key", at + "attention.key") +
      graph.affine("value", at + "attention.value") + graph.affine("output", layer.attention);
  layer.encoding = encoding;
  return layer;
}

/// Layer n computes all inner layers of group floor(n groups / layers).
struct Groups {
  int64_t count, layers;
};

Groups read_groups(const Config& config, const PostNormConfig& sizes) {
  const Groups groups{config.count("num_hidden_groups", 1, sizes.layers),
                      config.count("inner_group_num", 1, 64)};
  const bool absolute = config.text("position_embedding_type", "absolute") == "absolute";
  if (!absolute && groups.layers > 1) {
    config.fail("inner_group_num", "1 with relative positions", std::to_string(groups.layers));
  }
  return groups;
}

std::string inner_path(int64_t layer, int64_t inner) {
  return albert_path + "encoder.layer." + std::to_string(layer) + "." + std::to_string(inner) + ".";
}

void share_groups(GraphBuilder& graph, const PostNormConfig& sizes, const Groups& groups) {
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string group = std::to_string(layer * groups.count / sizes.layers);
    for (int64_t inner = 0; inner < groups.layers; ++inner) {
      graph.share(inner_path(layer, inner), albert_path + "encoder.albert_layer_groups." + group +
                                                ".albert_layers." + std::to_string(inner) + ".");
    }
  }
}

FamilyGraph build_albert(const Config& config, const Weights& weights) {
  expect_encoder(config);
  const PostNormConfig sizes = albert_sizes(config);
  const Groups groups = read_groups(config, sizes);
  const std::vector<EncoderHead> heads = albert_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {albert_path, head.task == "encoder"});
  graph.spec().family = "albert";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  share_groups(graph, sizes, groups);
  BertPositions positions{albert_path, 0, "0.attention.distance_embedding.weight"};
  positions.relative = {{"factor", "sqrt"}};  // the class scales before it adds them
  const std::vector<std::string> encodings = add_bert_positions(graph, sizes, positions);
  const std::string narrow =
      add_embeddings(graph, sizes, {albert_path + "embeddings.", encodings[0]});
  const std::string mapping = albert_path + "encoder.embedding_hidden_mapping_in";
  graph.check_shape(mapping + ".weight", {sizes.width, sizes.embedding});
  std::string last = graph.linear(mapping, narrow, mapping);
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    for (int64_t inner = 0; inner < groups.layers; ++inner) {
      const std::string at = inner_path(layer, inner);
      last = add_post_norm_layer(graph, sizes, albert_layer(graph, at, encodings[layer]), last);
    }
  }
  finish_encoder(head, {graph, sizes, albert_path, last});
  graph.ignore(
      "(albert\\.)?embeddings\\.(position_ids|token_type_ids|position_embeddings\\.weight)");
  graph.ignore("(albert\\.)?pooler\\.(weight|bias)|sop_classifier\\.classifier\\.(weight|bias)");
  return graph.finish();
}

}  // namespace

Family albert() {
  return {
      .model_type = "albert",
      .build = build_albert,
      .special = {.bos = 2, .eos = 3, .pad = 0, .all_eos = {3}},
  };
}

}  // namespace locus::families
