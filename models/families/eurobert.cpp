// EuroBERT: Boizard et al. 2025: an encoder of Llama's layers. Names: transformers'
// modeling_eurobert.
#include "models/families/parts/encoder_heads.hpp"
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

const std::string eurobert_path = "model.";

void add_masked_head(const EncoderEnd& end) {
  LmHead head{.path = "lm_head", .table = end.base + "embed_tokens.weight"};
  if (end.graph.config().boolean("mlp_bias", false)) {
    head.bias = {{"bias", end.graph.weight("lm_head.bias")}};
  }
  end.graph.lm_head(head, end.last);
}

std::string add_dense(const EncoderEnd& end, const std::string& input) {
  return end.graph.linear("activation", input, "dense", "gelu");
}

std::string pooled(const EncoderEnd& end, const std::string& name, const std::string& input) {
  return end.graph.add({
      .name = name,
      .kind = "pool",
      .inputs = {input},
      .attributes = {{"kind", "mean"}},
  });
}

/// The classes of the first row or of the mean; or, `late`, the mean of each row's classes.
void classify_sequence(const EncoderEnd& end) {
  const std::string pooling = end.graph.config().text("classifier_pooling", "late");
  if (pooling == "bos" || pooling == "mean") {
    const std::string name = "dense.gather";
    const std::string row =
        pooling == "bos" ? end.graph.first(name, end.last) : pooled(end, name, end.last);
    return add_classifier(end, "classifier", add_dense(end, row));
  }
  if (pooling != "late") {
    end.graph.config().fail("classifier_pooling", "late, mean or bos", "'" + pooling + "'");
  }
  add_classifier(end, "classifier", add_dense(end, end.last));
  end.graph.output("logits", pooled(end, "classifier.pool", "classifier"));
}

std::vector<EncoderHead> eurobert_heads() {
  return {
      {"EuroBertModel", "encoder", [](const EncoderEnd&) {}},
      {"EuroBertForMaskedLM", "masked-lm", add_masked_head, "lm_head.weight"},
      {"EuroBertForSequenceClassification", "sequence-classification", classify_sequence},
      {"EuroBertForTokenClassification", "token-classification",
       [](const EncoderEnd& end) { add_classifier(end, "classifier", end.last); }},
  };
}

FamilyGraph build_eurobert(const Config& config, const Weights& weights) {
  expect_encoder(config);
  GatedDecoderConfig sizes(config, {.vocabulary = 128256,
                                    .ffn_width = 3072,
                                    .context = 8192,
                                    .width = 768,
                                    .layers = 12,
                                    .heads = 12,
                                    .epsilon = 1e-5});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.feed_forward_bias = config.boolean("mlp_bias", false);
  sizes.both_sides = true;
  const std::vector<EncoderHead> heads = eurobert_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {eurobert_path, head.task == "encoder"});
  graph.describe("eurobert", head.task, {sizes.width, sizes.context});
  const std::string last = add_gated_layers(graph, sizes);
  const PostNormConfig shape(config, {.types = 0});
  finish_encoder(head, {graph, shape, graph.base(), last});
  if (head.task != "masked-lm") graph.ignore("lm_head\\.(weight|bias)");  // of the pretraining
  return graph.finish();
}

}  // namespace

Family eurobert() {
  return {
      .model_type = "eurobert",
      .build = build_eurobert,
      .special = {.bos = 128000, .eos = 128001, .pad = 128001, .all_eos = {128001}},
  };
}

}  // namespace locus::families
