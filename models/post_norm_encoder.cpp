#include "models/post_norm_encoder.hpp"

namespace locus {

PostNormConfig::PostNormConfig(const Config& config, int64_t usual_vocabulary)
    : vocabulary(config.count("vocab_size", usual_vocabulary)),
      width(config.count("hidden_size", 768)),
      layers(config.layers("num_hidden_layers", 12)),
      heads(config.count("num_attention_heads", 12)),
      inner(config.count("intermediate_size", 3072)),
      types(config.count("type_vocab_size", 2)),
      epsilon(config.number("layer_norm_eps", 1e-12)),
      activation(config.activation("hidden_act", "gelu")),
      decoder(config.boolean("is_decoder", false)) {
  config.share("hidden_size", width, "num_attention_heads", heads);
  if (config.boolean("add_cross_attention", false)) {
    config.fail("add_cross_attention", "false", "true");
  }
}

namespace {

std::string add_layer(GraphBuilder& graph, const PostNormConfig& config, const std::string& at,
                      const std::string& input, const std::string& encoding) {
  const std::string visibility = config.decoder ? "causal" : "all";
  const std::string attended = graph.add({at + "attention.output.dense",
                                          "attention",
                                          {input},
                                          {{"heads", config.heads},
                                           {"head_size", config.width / config.heads},
                                           {"visibility", visibility}},
                                          graph.affine("query", at + "attention.self.query") +
                                              graph.affine("key", at + "attention.self.key") +
                                              graph.affine("value", at + "attention.self.value") +
                                              graph.affine("output", at + "attention.output.dense"),
                                          encoding});
  const std::string added = graph.sum(at + "attention.output.add", attended, input);
  const std::string middle =
      graph.layer_norm(at + "attention.output.LayerNorm", added, config.epsilon);
  graph.check_shape(at + "intermediate.dense.weight", {config.inner, config.width});
  graph.check_shape(at + "output.dense.weight", {config.width, config.inner});
  const std::string fed = graph.add(
      {at + "output.dense",
       "feed_forward",
       {middle},
       {{"activation", config.activation}},
       graph.affine("up", at + "intermediate.dense") + graph.affine("down", at + "output.dense"),
       {}});
  return graph.layer_norm(at + "output.LayerNorm", graph.sum(at + "output.add", fed, middle),
                          config.epsilon);
}

}  // namespace

std::string add_embeddings(GraphBuilder& graph, const PostNormConfig& config,
                           const std::string& base, const std::string& encoding) {
  const std::string at = base + "embeddings.";
  const std::string words =
      graph.embedding(at + "word_embeddings", "ids", {config.vocabulary, config.width});
  const std::string types =
      graph.embedding(at + "token_type_embeddings", "type_ids", {config.types, config.width});
  const std::string sum = graph.sum(at + "add", words, types);
  return graph.layer_norm(at + "LayerNorm", graph.position(at + "position", sum, encoding),
                          config.epsilon);
}

void add_pooler(GraphBuilder& graph, const std::string& base, const std::string& input) {
  const std::string at = base + "pooler";
  if (!graph.stored(at + ".dense.weight")) return;
  const std::string first =
      graph.add({at + ".gather", "gather", {input}, {{"rows", std::string("first")}}, {}, {}});
  graph.output("pooler_output", graph.add({at + ".activation",
                                           "linear",
                                           {first},
                                           {{"activation", std::string("tanh")}},
                                           graph.affine("weight", at + ".dense"),
                                           {}}));
}

std::string add_post_norm_layers(GraphBuilder& graph, const PostNormConfig& config,
                                 const std::string& base, std::string input,
                                 const std::function<std::string(int64_t layer)>& encoding) {
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const std::string at = base + "encoder.layer." + std::to_string(layer) + ".";
    input = add_layer(graph, config, at, input, encoding(layer));
  }
  return input;
}

void add_masked_lm_head(GraphBuilder& graph, const PostNormConfig& config, const std::string& input,
                        const std::string& table) {
  const std::string at = "cls.predictions.";
  const bool tied = graph.config().boolean("tie_word_embeddings", true);
  const std::string decoder =
      tied || !graph.stored(at + "decoder.weight") ? table : at + "decoder.weight";
  const std::string bias = graph.stored(at + "bias") ? at + "bias" : at + "decoder.bias";
  const std::string dense = graph.add({at + "transform.transform_act_fn",
                                       "linear",
                                       {graph.requested(at + "gather", input)},
                                       {{"activation", config.activation}},
                                       graph.affine("weight", at + "transform.dense"),
                                       {}});
  const std::string norm = graph.layer_norm(at + "transform.LayerNorm", dense, config.epsilon);
  const WeightSlots weights{{"weight", graph.weight(decoder)}, {"bias", graph.weight(bias)}};
  graph.output("logits", graph.add({at + "decoder", "linear", {norm}, {}, weights, {}}));
  graph.ignore("cls\\.predictions\\.(bias|decoder\\.(weight|bias))");
}

}  // namespace locus
