// XLNet: Yang et al. 2019. Names: transformers' modeling_xlnet. Its second stream is of training
// and of decoding by permutations; what stands here is the stream of contents.
#include <algorithm>

#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string xlnet_path = "transformer.";

struct XlnetConfig {
  explicit XlnetConfig(const Config& config);

  int64_t vocabulary, width, layers, heads, head_size, ffn_width;
  double epsilon;
  std::string activation;
  int64_t clamp;  // the largest distance that is told from others; 0: none
};

XlnetConfig::XlnetConfig(const Config& config)
    : vocabulary(config.count(config.either("vocab_size", "n_token"), 32000)),
      width(config.count(config.either("d_model", "hidden_size"), 1024)),
      layers(config.layers(config.either("n_layer", "num_hidden_layers"), 24)),
      heads(config.count(config.either("n_head", "num_attention_heads"), 16)),
      head_size(config.share("d_model", width, "n_head", heads)),
      ffn_width(config.count("d_inner", 4096)),
      epsilon(config.number("layer_norm_eps", 1e-12)),
      activation(config.activation("ff_activation", "gelu")),
      clamp(static_cast<int64_t>(std::max(0.0, config.number("clamp_len", -1)))) {
  config.expect("d_head", head_size);
  const std::string type = config.text("attn_type", "bi");
  if (type != "bi") config.fail("attn_type", "bi: one direction is not followed", "'" + type + "'");
  if (config.boolean("bi_data", false)) config.fail("bi_data", "false", "true");
}

/// A weight that is stored as [D, H, d].
WeightRef by_head(const GraphBuilder& graph, const XlnetConfig& config, const std::string& path) {
  graph.check_shape(path, {config.width, config.heads, config.head_size});
  WeightRef stored = graph.weight(path);
  stored.steps = {reshape({config.width, config.heads * config.head_size})};
  return stored;
}

/// A weight that is stored as [D, H, d], as a product from D to H d.
WeightRef product_by_head(const GraphBuilder& graph, const XlnetConfig& config,
                          const std::string& path) {
  WeightRef stored = by_head(graph, config, path);
  stored.steps.push_back(permute({1, 0}));
  return stored;
}

WeightRef flat(const GraphBuilder& graph, const std::string& path, std::vector<int64_t> sizes) {
  WeightRef stored = graph.weight(path);
  stored.steps = {reshape(std::move(sizes))};
  return stored;
}

NodeSpec xlnet_attention(GraphBuilder& graph, const XlnetConfig& config, const std::string& at) {
  Attributes parameters;
  if (config.clamp > 0) parameters.set("clamp", config.clamp);
  graph.encoding(at,
                 {{{"transformer_xl", parameters}},
                  {{"content_bias", graph.weight(at + "r_w_bias")},
                   {"position_bias", graph.weight(at + "r_r_bias")},
                   {"projection", product_by_head(graph, config, at + "r")}}},
                 xlnet_path + "position");
  const int64_t all = config.heads * config.head_size;
  const WeightSlots weights{{"query", product_by_head(graph, config, at + "q")},
                            {"key", product_by_head(graph, config, at + "k")},
                            {"value", product_by_head(graph, config, at + "v")},
                            {"output", by_head(graph, config, at + "o")},
                            {"type_keys", flat(graph, at + "seg_embed", {2, all})},
                            {"type_bias", flat(graph, at + "r_s_bias", {all})}};
  return {
      .name = at + "o",
      .kind = "attention",
      .attributes = {{"heads", config.heads}, {"head_size", config.head_size}},
      .weights = weights,
      .encoding = at,
  };
}

std::string add_xlnet_layer(GraphBuilder& graph, const XlnetConfig& config, const std::string& at,
                            const std::string& input) {
  const NormMaker norm = layer_norm_of(graph, config.epsilon);
  const std::string attention = at + "rel_attn.", fed = at + "ff.";
  const std::string middle = add_post_norm(
      graph, norm,
      {xlnet_attention(graph, config, attention), attention + "layer_norm", attention + "add"},
      input);
  const NodeSpec node = feed_forward_node(graph, {.up = fed + "layer_1",
                                                  .down = fed + "layer_2",
                                                  .width = config.width,
                                                  .ffn_width = config.ffn_width,
                                                  .activation = config.activation});
  return add_post_norm(graph, norm, {node, fed + "layer_norm", fed + "add"}, middle);
}

/// A class and what it puts on top.
struct XlnetHead {
  std::string architecture, task;
  void (*add)(GraphBuilder& graph, const std::string& last);
};

void add_nothing(GraphBuilder&, const std::string&) {}

void add_vocabulary(GraphBuilder& graph, const std::string& last) {
  graph.lm_head({.path = "lm_loss",
                 .table = xlnet_path + "word_embedding.weight",
                 .tied = true,
                 .bias = {{"bias", graph.weight("lm_loss.bias")}}},
                last);
}

const SummaryDefaults xlnet_summary{.type = "last", .projects = true, .activation = "tanh"};

void add_summary_classes(GraphBuilder& graph, const std::string& last) {
  add_token_classes(graph, "logits_proj", add_summary(graph, xlnet_summary, last));
}

void add_summary_choice(GraphBuilder& graph, const std::string& last) {
  add_choice(graph, "logits_proj", add_summary(graph, xlnet_summary, last));
}

void add_each_class(GraphBuilder& graph, const std::string& last) {
  add_token_classes(graph, "classifier", last);
}

void add_answer_span(GraphBuilder& graph, const std::string& last) {
  add_span(graph, last, "qa_outputs");
}

/// The head that `architectures` names, or the one of the vocabulary where its bias is stored.
XlnetHead xlnet_head(const Config& config, const Weights& weights) {
  const std::vector<XlnetHead> heads{
      {"XLNetModel", "encoder", add_nothing},
      {"XLNetLMHeadModel", "permutation-lm", add_vocabulary},
      {"XLNetForSequenceClassification", classification_task(config), add_summary_classes},
      {"XLNetForTokenClassification", "token-classification", add_each_class},
      {"XLNetForMultipleChoice", "multiple-choice", add_summary_choice},
      {"XLNetForQuestionAnsweringSimple", "question-answering", add_answer_span},
  };
  std::vector<std::string> known;
  known.reserve(std::size(heads));
  for (const XlnetHead& head : heads) known.push_back(head.architecture);
  const bool words = weights.contains("lm_loss.bias");
  const std::string name = config.architecture(known, known[words ? 1 : 0]);
  return *std::ranges::find(heads, name, &XlnetHead::architecture);
}

FamilyGraph build_xlnet(const Config& config, const Weights& weights) {
  const XlnetConfig sizes(config);
  const XlnetHead head = xlnet_head(config, weights);
  GraphBuilder graph(config, weights, {xlnet_path, head.task == "encoder"});
  graph.describe("xlnet", head.task, {sizes.width, 0});
  std::string last =
      graph.embedding(xlnet_path + "word_embedding", "ids", {sizes.vocabulary, sizes.width});
  const std::string position = graph.position(xlnet_path + "position", last, "");
  last = position;
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string at = xlnet_path + "layer." + std::to_string(layer) + ".";
    last = add_xlnet_layer(graph, sizes, at, last);
  }
  graph.output("last_hidden_state", last);
  head.add(graph, last);
  graph.ignore("(transformer\\.)?mask_emb|lm_loss\\.(weight|bias)");
  return graph.finish();
}

}  // namespace

Family xlnet() {
  return {
      .model_type = "xlnet",
      .build = build_xlnet,
      .special = {.bos = 1, .eos = 2, .pad = 5, .all_eos = {2}},
  };
}

}  // namespace locus::families
