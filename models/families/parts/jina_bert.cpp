// Jina embeddings v2: Günther et al. 2023, section 3: BERT with symmetric ALiBi and a gated
// feed-forward. Names: the code that such models are published with.
#include "models/families/parts/jina_bert.hpp"

#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/fused_weights.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {
namespace {

const std::string jina_path = "bert.";

std::vector<EncoderHead> jina_heads() {
  return {
      {"JinaBertModel", "encoder", add_optional_pooler},
      {"JinaBertForMaskedLM", "masked-lm", add_bert_masked_lm,
       "cls.predictions.transform.dense.weight"},
      {"JinaBertForSequenceClassification", "sequence-classification", classify_pooled},
      {"JinaBertForTokenClassification", "token-classification", classify_tokens},
      {"JinaBertForQuestionAnswering", "question-answering", find_span},
  };
}

/// A model whose layers norm queries and keys, and each part once more, is told by its weights.
bool norms_twice(const GraphBuilder& graph, const std::string& at) {
  return graph.stored(at + "layer_norm_1.weight");
}

NodeSpec jina_attention(const GraphBuilder& graph, const PostNormConfig& sizes,
                        const std::string& at) {
  const std::string own = at + "attention.self.";
  NodeSpec node = bert_attention(graph, sizes, at);
  if (norms_twice(graph, at)) {
    node.attributes.set("norm_kind", "layer");
    node.attributes.set("norm_epsilon", sizes.epsilon);
    node.weights = node.weights + graph.affine("query_norm", own + "layer_norm_q") +
                   graph.affine("key_norm", own + "layer_norm_k");
  }
  return node;
}

/// Of one matrix [2 F, D] for the gate and what it opens, in either order.
NodeSpec jina_feed_forward(const GraphBuilder& graph, const PostNormConfig& sizes,
                           const std::string& at) {
  const bool last = norms_twice(graph, at);  // the gate is the second half
  const std::string fused = at + (last ? "mlp.up_gated_layer" : "mlp.gated_layers"),
                    down = at + (last ? "mlp.down_layer" : "mlp.wo");
  const std::string type = graph.config().text("feed_forward_type", "geglu");
  if (type != "geglu" && type != "reglu") {
    graph.config().fail("feed_forward_type", "geglu or reglu", "'" + type + "'");
  }
  const int64_t ffn = sizes.ffn_width;
  graph.check_shape(fused + ".weight", {2 * ffn, sizes.width});
  return {
      .name = down,
      .kind = "feed_forward",
      .attributes = {{"activation", type == "geglu" ? "gelu" : "relu"}},
      .weights = block_of_rows(graph, {last ? "up" : "gate", fused, 0, ffn}) +
                 block_of_rows(graph, {last ? "gate" : "up", fused, ffn, 2 * ffn}) +
                 graph.affine("down", down),
  };
}

std::string add_jina_layer(GraphBuilder& graph, const PostNormConfig& sizes, int64_t layer,
                           const std::string& input) {
  const std::string at = jina_path + "encoder.layer." + std::to_string(layer) + ".";
  const NormMaker norm = layer_norm_of(graph, sizes.epsilon);
  std::string middle =
      add_post_norm(graph, norm,
                    {jina_attention(graph, sizes, at), at + "attention.output.LayerNorm",
                     at + "attention.output.add"},
                    input);
  const bool twice = norms_twice(graph, at);
  if (twice) middle = norm(at + "layer_norm_1", graph.sum(at + "attention.add", input, middle));
  const std::string last_norm = at + (twice ? "layer_norm_2" : "mlp.layernorm");
  return add_post_norm(graph, norm,
                       {jina_feed_forward(graph, sizes, at), last_norm, at + "mlp.add"}, middle);
}

}  // namespace

bool is_jina_bert(const Config& config) {
  return config.text("position_embedding_type", "absolute") == "alibi";
}

FamilyGraph build_jina_bert(const Config& config, const Weights& weights) {
  expect_encoder(config);
  const PostNormConfig sizes(config, {});
  const std::vector<EncoderHead> heads = jina_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {jina_path, head.task == "encoder"});
  graph.spec().family = "bert";
  graph.spec().width = sizes.width;
  graph.spec().trained_context = config.count("max_position_embeddings", 512);
  graph.encoding("position", {{{"alibi", {}}}, {}}, jina_path + "embeddings.position");
  std::string last = add_embeddings(graph, sizes, {jina_path + "embeddings.", "position"});
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    last = add_jina_layer(graph, sizes, layer, last);
  }
  finish_encoder(head, {graph, sizes, jina_path, last});
  // The texts' own pooling is the sentence folder's affair.
  config.idle({"emb_pooler", "hidden_act"});
  graph.ignore("(bert\\.)?embeddings\\.(position_ids|token_type_ids)");
  ignore_pretraining(graph, jina_path);
  return graph.finish();
}

}  // namespace locus::families
