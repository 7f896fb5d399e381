// ModernBERT's decoder, as Ettin has it: Weller et al. 2025. Names: transformers'
// modeling_modernbert_decoder.
#include "models/families/parts/causal_frame.hpp"
#include "models/families/parts/layer_parts.hpp"
#include "models/families/parts/modernbert_layers.hpp"
#include "models/families/parts/rope_config.hpp"

namespace locus::families {
namespace {

const std::string decoder_path = "model.";

/// A window is half of `local_attention`, the query itself included.
NodeSpec causal_attention_of(const GraphBuilder& graph, const PostNormConfig& sizes, int64_t layer,
                             const std::string& at) {
  const ModernBertConfig config(graph.config());
  return {
      .name = at + "Wo",
      .kind = "attention",
      .attributes = causal_attention(
          {sizes.heads, sizes.width / sizes.heads, config.local(layer) ? config.side : 0}),
      .weights =
          projection_weights(graph, {at, "Wo", config.attention_bias, config.attention_bias}),
      .encoding = config.local(layer) ? "local" : "global",
  };
}

/// The classes of the last row that is not padding.
void classify_last(const EncoderEnd& end) {
  GraphBuilder& graph = end.graph;
  const std::string row = add_classified_row(graph, "head.gather", "last_other", end.last);
  const bool biased = graph.config().boolean("classifier_bias", false);
  graph.check_shape("classifier.weight", {graph.config().classes(), -1});
  graph.output("logits", graph.add({
                             .name = "classifier",
                             .kind = "linear",
                             .inputs = {add_prediction_head(end, "head", row)},
                             .weights = linear_slots(graph, "weight", "classifier", biased),
                         }));
}

std::vector<EncoderHead> decoder_heads() {
  return {
      {"ModernBertDecoderModel", "encoder", [](const EncoderEnd&) {}},
      {"ModernBertDecoderForCausalLM", "causal-lm",
       [](const EncoderEnd& end) { add_modernbert_words(end, "lm_head"); }, "lm_head.dense.weight"},
      {"ModernBertDecoderForSequenceClassification", "sequence-classification", classify_last},
  };
}

/// The half is saved too: of two that contradict each other, versions of transformers read another.
void check_window(const Config& config) {
  const int64_t half = config.count("local_attention", 128) / 2;
  if (half < 1) config.fail("local_attention", "2 or more", "1");
  if (config.count("sliding_window", half) != half) {
    config.fail("sliding_window", "half of local_attention, " + std::to_string(half),
                std::to_string(config.count("sliding_window", half)));
  }
}

FamilyGraph build_modernbert_decoder(const Config& config, const Weights& weights) {
  config.idle({"decoder_bias", "global_attn_every_n_layers", "is_decoder"});
  check_window(config);
  const PostNormConfig sizes = modernbert_sizes(config);
  expect_head_dim(config, sizes.width / sizes.heads);
  const std::vector<EncoderHead> heads = decoder_heads();
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {decoder_path, head.task == "encoder"});
  graph.describe("modernbert-decoder", head.task,
                 {sizes.width, config.count("max_position_embeddings", 8192)});
  const std::string last = add_modernbert_layers(graph, sizes, causal_attention_of);
  finish_encoder(head, {graph, sizes, decoder_path, last});
  return graph.finish();
}

}  // namespace

Family modernbert_decoder() {
  return {
      .model_type = "modernbert-decoder",
      .build = build_modernbert_decoder,
      .special = {.bos = 50281, .eos = 50282, .pad = 50283, .all_eos = {50282}},
  };
}

}  // namespace locus::families
