#include "models/families/parts/post_norm_encoder.hpp"

#include "models/families/parts/direction.hpp"

namespace locus::families {

PostNormConfig::PostNormConfig(const Config& config, const PostNormDefaults& defaults)
    : vocabulary(config.count("vocab_size", defaults.vocabulary)),
      width(config.count(defaults.keys.width, defaults.width)),
      layers(config.layers(defaults.keys.layers, defaults.layers)),
      heads(config.count(defaults.keys.heads, defaults.heads)),
      ffn_width(config.count(defaults.keys.ffn_width, defaults.ffn_width)),
      types(config.whole("type_vocab_size", defaults.types)),
      embedding(width),
      epsilon(config.number("layer_norm_eps", defaults.epsilon)),
      activation(config.activation(defaults.keys.activation, defaults.activation)),
      decoder(config.boolean("is_decoder", false)) {
  config.share(defaults.keys.width, width, defaults.keys.heads, heads);
  if (decoder) expect_one_side(config);
  if (config.boolean("add_cross_attention", false)) {
    config.fail("add_cross_attention", "false", "true");
  }
}

void expect_encoder(const Config& config) {
  if (config.boolean("is_decoder", false)) config.fail("is_decoder", "false", "true");
}

int64_t context_after(const Config& config, int64_t rows) {
  const std::string key = "max_position_embeddings";
  const int64_t all = config.count(key, 512);
  if (all <= rows) config.fail(key, "more than " + std::to_string(rows), std::to_string(all));
  return all - rows;
}

std::string add_token_vectors(GraphBuilder& graph, const PostNormConfig& config,
                              const TokenVectors& tokens) {
  const std::string& at = tokens.at;
  std::string last =
      graph.embedding(at + "word_embeddings", "ids", {config.vocabulary, config.embedding});
  if (config.types > 0) {
    const std::string types =
        graph.embedding(at + "token_type_embeddings", "type_ids", {config.types, config.embedding});
    last = graph.sum(at + "add", last, types);
  }
  if (tokens.encoding.empty()) return last;
  return graph.position(at + "position", last, tokens.encoding, tokens.position);
}

std::string add_embeddings(GraphBuilder& graph, const PostNormConfig& config,
                           const TokenVectors& tokens) {
  const std::string sum = add_token_vectors(graph, config, tokens);
  return add_norm(graph, config, tokens.at + "LayerNorm", sum);
}

std::string add_norm(GraphBuilder& graph, const PostNormConfig& config, const std::string& path,
                     const std::string& input) {
  if (!config.plain_norms) return graph.layer_norm(path, input, config.epsilon);
  const Attributes attributes{{"kind", "rms"}, {"epsilon", config.epsilon}};
  return graph.add({
      .name = path,
      .kind = "norm",
      .inputs = {input},
      .attributes = attributes,
  });
}

std::string widen_embeddings(GraphBuilder& graph, const PostNormConfig& config,
                             const std::string& path, const std::string& input) {
  if (config.embedding == config.width) return input;
  graph.check_shape(path + ".weight", {config.width, config.embedding});
  return graph.linear(path, input, path);
}

WeightSlots bert_projections(const GraphBuilder& graph, const std::string& at) {
  return graph.affine("query", at + "attention.self.query") +
         graph.affine("key", at + "attention.self.key") +
         graph.affine("value", at + "attention.self.value") +
         graph.affine("output", at + "attention.output.dense");
}

NodeSpec bert_attention(const GraphBuilder& graph, const PostNormConfig& config,
                        const std::string& at) {
  return {
      .name = at + "attention.output.dense",
      .kind = "attention",
      .attributes = {{"heads", config.heads}, {"head_size", config.width / config.heads}},
      .weights = bert_projections(graph, at),
      .encoding = "position",
  };
}

PostNormLayer bert_layer(const GraphBuilder& graph, const std::string& at,
                         const std::string& encoding) {
  PostNormLayer layer;
  layer.attention = at + "attention.output.dense";
  layer.attention_add = at + "attention.output.add";
  layer.attention_norm = at + "attention.output.LayerNorm";
  layer.up = at + "intermediate.dense";
  layer.down = at + "output.dense";
  layer.add = at + "output.add";
  layer.norm = at + "output.LayerNorm";
  layer.projections = bert_projections(graph, at);
  layer.encoding = encoding;
  return layer;
}

namespace {

WeightSlots known_biases(const PostNormConfig& config, WeightSlots slots) {
  if (config.biased) return slots;
  std::erase_if(slots, [](const auto& slot) { return slot.first.ends_with("_bias"); });
  return slots;
}

std::string add_attention(GraphBuilder& graph, const PostNormConfig& config,
                          const PostNormLayer& layer, const std::string& input) {
  const std::string visibility = config.decoder ? "causal" : "all";
  Attributes attributes{{"heads", config.heads},
                        {"head_size", config.width / config.heads},
                        {"visibility", visibility}};
  for (const auto& [name, value] : layer.attention_attributes.values()) attributes.set(name, value);
  return graph.add({
      .name = layer.attention,
      .kind = "attention",
      .inputs = {input},
      .attributes = attributes,
      .weights = known_biases(config, layer.projections),
      .encoding = layer.encoding,
  });
}

}  // namespace

std::string add_post_norm_layer(GraphBuilder& graph, const PostNormConfig& config,
                                const PostNormLayer& layer, const std::string& input) {
  const std::string added =
      graph.sum(layer.attention_add, add_attention(graph, config, layer, input), input);
  const std::string middle = add_norm(graph, config, layer.attention_norm, added);
  graph.check_shape(layer.up + ".weight", {config.ffn_width, config.width});
  graph.check_shape(layer.down + ".weight", {config.width, config.ffn_width});
  const std::string fed = graph.add({
      .name = layer.down,
      .kind = "feed_forward",
      .inputs = {middle},
      .attributes = {{"activation", config.activation}},
      .weights =
          known_biases(config, graph.affine("up", layer.up) + graph.affine("down", layer.down)),
  });
  return add_norm(graph, config, layer.norm, graph.sum(layer.add, fed, middle));
}

std::string add_post_norm_layers(GraphBuilder& graph, const PostNormConfig& config,
                                 const std::string& base, std::string input,
                                 const std::function<std::string(int64_t layer)>& encoding) {
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const std::string at = base + "encoder.layer." + std::to_string(layer) + ".";
    input = add_post_norm_layer(graph, config, bert_layer(graph, at, encoding(layer)), input);
  }
  return input;
}

}  // namespace locus::families
