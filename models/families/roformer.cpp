// RoFormer: Su et al. 2021. Names: transformers' modeling_roformer; of v2 (`norm_type` rms_norm,
// `use_bias` false) the package roformer 0.4.3.
#include <cmath>

#include "base/error.hpp"
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string roformer_path = "roformer.";

/// v2's: the table of the words alone, no transformation before it.
void add_plain_masked_lm(const EncoderEnd& end) {
  GraphBuilder& graph = end.graph;
  const std::string at = "cls.predictions.", own = at + "decoder.weight";
  const std::string words = end.base + "embeddings.word_embeddings.weight";
  if (end.sizes.embedding != end.sizes.width) {
    graph.config().fail("embedding_size", std::to_string(end.sizes.width),
                        std::to_string(end.sizes.embedding));
  }
  const std::string rows = graph.requested(at + "gather", end.last);
  const WeightSlots weights{{"weight", graph.head_weight({own, words})}};
  graph.output("logits", graph.add({
                             .name = at + "decoder",
                             .kind = "linear",
                             .inputs = {rows},
                             .weights = weights,
                         }));
}

void add_roformer_masked_lm(const EncoderEnd& end) {
  return end.sizes.plain_norms ? add_plain_masked_lm(end) : add_bert_masked_lm(end);
}

/// What v2's configs say beside v1's.
void read_roformer_v2(const Config& config, PostNormConfig& sizes) {
  const std::string type = config.text("norm_type", "layer_norm");
  if (type != "layer_norm" && type != "rms_norm") {
    config.fail("norm_type", "layer_norm or rms_norm", "'" + type + "'");
  }
  sizes.plain_norms = type == "rms_norm";
  sizes.biased = config.boolean("use_bias", true);
  // The package's decoder lets a prompt see all of itself and what follows the past alone.
  if (sizes.plain_norms && sizes.decoder) {
    config.fail("is_decoder", "false where 'norm_type' is rms_norm", "true");
  }
}

std::vector<EncoderHead> roformer_heads(const PostNormConfig& sizes) {
  return {
      {"RoFormerModel", "encoder", [](const EncoderEnd&) {}},
      {"RoFormerForMaskedLM", "masked-lm", add_roformer_masked_lm,
       "cls.predictions.transform.dense.weight"},
      {"RoFormerForMaskedLM", "masked-lm", add_roformer_masked_lm,
       "cls.predictions.decoder.weight"},
      {"RoFormerForCausalLM", "masked-lm", add_bert_masked_lm},
      {"RoFormerForSequenceClassification", "sequence-classification",
       classify_first(sizes.activation)},
      {"RoFormerForMultipleChoice", "multiple-choice", choose_summary({})},
      {"RoFormerForTokenClassification", "token-classification", classify_tokens},
      {"RoFormerForQuestionAnswering", "question-answering", find_span},
  };
}

/// The reference stores the sinusoid that it computes, and reads what is stored: the table where
/// it was rounded to 16 bits, nothing where it is the formula's. Throws Error for another one.
WeightSlots rounded_sinusoid(const GraphBuilder& graph, const Weights& weights,
                             const Shape& shape) {
  constexpr double rounding = 0.01, exact = 1e-5;
  const std::string path = roformer_path + "encoder.embed_positions.weight";
  if (!graph.stored(path)) return {};
  graph.check_shape(path, shape);
  double largest = 0;
  const std::string name = graph.weight(path).name;
  const Tensor table = weights.f32(name);  // [P, d]: sines, then cosines
  const int64_t half = shape[1] / 2;
  for (int64_t i = 0; i < table.count(); ++i) {
    const int64_t position = i / shape[1], column = i % shape[1], k = column % half;
    const double angle = static_cast<double>(position) /
                         std::pow(10000.0, static_cast<double>(k) / static_cast<double>(half));
    const double value = column < half ? std::sin(angle) : std::cos(angle);
    largest = std::max(largest, std::abs(table.data()[i] - value));
    if (largest <= rounding) continue;
    throw Error(name,
                "the sinusoid of its positions, " + std::to_string(value) + " at index " +
                    std::to_string(i),
                std::to_string(table.data()[i]));
  }
  return largest <= exact ? WeightSlots{} : WeightSlots{{"table", graph.weight(path)}};
}

FamilyGraph build_roformer(const Config& config, const Weights& weights) {
  PostNormConfig sizes(config, {.vocabulary = 50000});
  sizes.embedding = config.count("embedding_size", sizes.width);
  read_roformer_v2(config, sizes);
  const std::vector<EncoderHead> heads = roformer_heads(sizes);
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {roformer_path, head.task == "encoder"});
  graph.spec().family = "roformer";
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 1536);

  const Attributes rope{{"pairing", "interleaved"},
                        {"rotate_value", config.boolean("rotary_value", false)}};
  const std::string position = roformer_path + "encoder.position";
  graph.encoding(
      "position",
      {{{"rope", rope}},
       rounded_sinusoid(graph, weights, {graph.spec().context, sizes.width / sizes.heads})},
      position);
  // Token vectors of `embedding_size` are normalised there, then as wide as the layers.
  const std::string narrow = add_embeddings(graph, sizes, {roformer_path + "embeddings.", {}});
  const std::string embedded = graph.position(
      position, widen_embeddings(graph, sizes, roformer_path + "embeddings_project", narrow),
      "position");
  const std::string last = add_post_norm_layers(graph, sizes, roformer_path, embedded,
                                                [](int64_t) { return "position"; });
  finish_encoder(head, {graph, sizes, roformer_path, last});
  graph.ignore("(roformer\\.)?encoder\\.embed_positions\\.weight");
  ignore_pretraining(graph, roformer_path);
  return graph.finish();
}

}  // namespace

Family roformer() {
  return {
      .model_type = "roformer",
      .build = build_roformer,
      .special = {.pad = 0},
  };
}

}  // namespace locus::families
