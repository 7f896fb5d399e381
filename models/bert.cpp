// BERT: Devlin et al. 2019. Names: transformers' modeling_bert.
#include "engine/error.hpp"
#include "models/post_norm_encoder.hpp"

namespace locus {
namespace {

const std::string bert_path = "bert.";
const std::string bert_position = bert_path + "embeddings.position";

/// Shaw's key term without clipping, a table for each layer (N-2).
std::string add_relative(GraphBuilder& graph, const std::string& scheme, int64_t layer) {
  const std::string at = bert_path + "encoder.layer." + std::to_string(layer) + ".attention.self.";
  const std::string name = "layer." + std::to_string(layer);
  graph.encoding(name,
                 {{{scheme, {}}}, {{"table", graph.weight(at + "distance_embedding.weight")}}},
                 bert_position);
  return name;
}

/// Enters the encodings; returns their names by layer.
std::vector<std::string> add_encodings(GraphBuilder& graph, const PostNormConfig& sizes) {
  const Config& config = graph.config();
  const std::string type = config.text("position_embedding_type", "absolute");
  const std::string table = bert_path + "embeddings.position_embeddings.weight";
  if (type == "absolute") {
    graph.check_shape(table, {graph.spec().context, sizes.width});
    const WeightSlots learned{{"table", graph.weight(table)}};
    graph.encoding("position", {{{"learned", {}}}, learned}, bert_position, {{"learned", learned}});
    return std::vector<std::string>(sizes.layers, "position");
  }
  if (type != "relative_key" && type != "relative_key_query") {
    config.fail("position_embedding_type", "absolute, relative_key or relative_key_query",
                "'" + type + "'");
  }
  std::vector<std::string> names;
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    names.push_back(add_relative(graph, type, layer));
  }
  return names;
}

}  // namespace

FamilyGraph build_bert(const Config& config, const Weights& weights) {
  const PostNormConfig sizes(config, 30522);
  const std::string absent =
      weights.contains("cls.predictions.transform.dense.weight") ? "BertForMaskedLM" : "BertModel";
  const std::string architecture = config.architecture(
      {"BertModel", "BertForMaskedLM", "BertForPreTraining", "BertLMHeadModel"}, absent);
  const bool bare = architecture == "BertModel";
  GraphBuilder graph(config, weights, {bert_path, bare});
  graph.spec().family = "bert";
  graph.spec().task = bare ? "encoder" : sizes.decoder ? "causal-lm" : "masked-lm";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);

  const std::vector<std::string> encodings = add_encodings(graph, sizes);
  const std::string embedded = add_embeddings(graph, sizes, bert_path, encodings[0]);
  const std::string last = add_post_norm_layers(graph, sizes, bert_path, embedded,
                                                [&](int64_t layer) { return encodings[layer]; });
  graph.output("last_hidden_state", last);
  const bool pooled = bare || architecture == "BertForPreTraining";
  if (pooled) add_pooler(graph, bert_path, last);
  if (!bare) {
    add_masked_lm_head(graph, sizes, last, bert_path + "embeddings.word_embeddings.weight");
  }
  graph.ignore("(bert\\.)?embeddings\\.(position_ids|token_type_ids|position_embeddings\\.weight)");
  graph.ignore("(bert\\.)?pooler\\.dense\\.(weight|bias)");
  graph.ignore("cls\\.seq_relationship\\.(weight|bias)");
  return graph.finish();
}

}  // namespace locus
