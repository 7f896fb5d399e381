// DeBERTa: He et al. 2021; v2 and v3: He et al. 2023. Names: transformers' modeling_deberta and
// modeling_deberta_v2.
#include "models/families/parts/disentangled_positions.hpp"
#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {
namespace {

const std::string deberta_path = "deberta.";

/// The head that transformers calls not `legacy`: the width stays, and the table is always that of
/// the words.
void add_new_masked_lm(const EncoderEnd& end) {
  const std::string width = std::to_string(end.sizes.width);
  if (end.sizes.embedding != end.sizes.width) {
    end.graph.config().fail("embedding_size", width + " where 'legacy' is false",
                            std::to_string(end.sizes.embedding));
  }
  const std::string at = "lm_predictions.lm_head.";
  add_masked_lm(end, {at + "gather", at + "activation", at + "dense", at + "LayerNorm",
                      "lm_predictions.lm_head", at + "bias",
                      end.base + "embeddings.word_embeddings.weight", end.sizes.activation,
                      /*always_tied=*/true});
}

void add_deberta_masked_lm(const EncoderEnd& end) {
  const bool stored = end.graph.stored("lm_predictions.lm_head.dense.weight");
  const bool legacy = end.graph.config().boolean("legacy", !stored);
  return legacy ? add_bert_masked_lm(end) : add_new_masked_lm(end);
}

std::string add_context_pooler(const EncoderEnd& end) {
  const Config& config = end.graph.config();
  config.expect("pooler_hidden_size", end.sizes.width);
  return end.graph.linear("pooler.activation", end.graph.first("pooler.gather", end.last),
                          "pooler.dense", config.activation("pooler_hidden_act", "gelu"));
}

/// The classes of a version, whose names begin with `prefix`.
std::vector<EncoderHead> deberta_heads(const std::string& prefix) {
  return {
      {prefix + "Model", "encoder", [](const EncoderEnd&) {}},
      {prefix + "ForMaskedLM", "masked-lm", add_deberta_masked_lm,
       "cls.predictions.transform.dense.weight"},
      {prefix + "ForMaskedLM", "masked-lm", add_deberta_masked_lm,
       "lm_predictions.lm_head.dense.weight"},
      {prefix + "ForSequenceClassification", "sequence-classification",
       [](const EncoderEnd& end) { add_classifier(end, "classifier", add_context_pooler(end)); }},
      {prefix + "ForMultipleChoice", "multiple-choice",
       [](const EncoderEnd& end) { add_choice(end.graph, "classifier", add_context_pooler(end)); }},
      {prefix + "ForTokenClassification", "token-classification", classify_tokens},
      {prefix + "ForQuestionAnswering", "question-answering", find_span},
  };
}

/// What the two versions differ by.
struct DebertaVersion {
  std::string family, prefix;
  PostNormDefaults defaults;
  Disentanglement (*distances)(const Config& config);
  /// Of attention, and of positions, stored under `...attention.self.`
  WeightSlots (*projections)(const GraphBuilder& graph, const std::string& at,
                             const PostNormConfig& sizes);
  WeightSlots (*of_positions)(const GraphBuilder& graph, const std::string& at,
                              const std::string& slot);
  /// What the first layer's output meets; returns the last node.
  std::string (*after_first)(const EncoderEnd& first, const std::string& embedded);
};

Disentanglement read_version_1(const Config& config) {
  if (config.boolean("talking_head", false)) config.fail("talking_head", "false", "true");
  return read_disentanglement(config);
}

/// One matrix, [q, k, v] of each head in turn, and no bias of keys.
WeightSlots fused_projections(const GraphBuilder& graph, const std::string& at,
                              const PostNormConfig& sizes) {
  const int64_t width = sizes.width, d = width / sizes.heads;
  WeightSlots slots;
  int64_t part = 0;
  for (const char* slot : {"query", "key", "value"}) {
    WeightRef matrix = graph.weight(at + "in_proj.weight");
    matrix.steps = {reshape({sizes.heads, 3, d, width}), slice(1, part, part + 1),
                    reshape({width, width})};
    slots[slot] = matrix;
    ++part;
  }
  slots["query_bias"] = graph.weight(at + "q_bias");
  slots["value_bias"] = graph.weight(at + "v_bias");
  return slots;
}

WeightSlots own_position_projection(const GraphBuilder& graph, const std::string& at,
                                    const std::string& slot) {
  if (slot == "key") return graph.product(slot, at + "pos_proj");
  return graph.affine(slot, at + "pos_q_proj");
}

std::string nothing_after_first(const EncoderEnd& first, const std::string&) { return first.last; }

Disentanglement read_version_2(const Config& config) {
  Disentanglement read = read_disentanglement(config);
  read.buckets = config.count_if_any("position_buckets", 0);
  for (const std::string& norm : config.names("norm_rel_ebd")) {
    if (norm != "none" && norm != "layer_norm") {
      config.fail("norm_rel_ebd", "none or layer_norm", "'" + norm + "'");
    }
    read.normalised = read.normalised || norm == "layer_norm";
  }
  return read;
}

WeightSlots separate_projections(const GraphBuilder& graph, const std::string& at,
                                 const PostNormConfig&) {
  return graph.affine("query", at + "query_proj") + graph.affine("key", at + "key_proj") +
         graph.affine("value", at + "value_proj");
}

/// `share_att_key`: positions are projected as tokens are.
WeightSlots perhaps_shared_projection(const GraphBuilder& graph, const std::string& at,
                                      const std::string& slot) {
  const bool shared = graph.config().boolean("share_att_key", false);
  return graph.affine(slot, at + (shared ? "" : "pos_") + slot + "_proj");
}

/// A convolution of the token vectors, where there is one.
std::string convolution_after_first(const EncoderEnd& first, const std::string& embedded) {
  GraphBuilder& graph = first.graph;
  const Config& config = graph.config();
  const int64_t taps = config.whole("conv_kernel_size", 0), width = first.sizes.width;
  config.idle({"conv_act"});
  if (taps == 0) return first.last;
  if (taps % 2 == 0) config.fail("conv_kernel_size", "an odd number", std::to_string(taps));
  const int64_t groups = config.count("conv_groups", 1);
  const int64_t part = config.share("hidden_size", width, "conv_groups", groups);
  const std::string at = first.base + "encoder.conv.", path = at + "conv";
  graph.check_shape(path + ".weight", {width, part, taps});
  const Attributes attributes{{"activation", config.activation("conv_act", "tanh")},
                              {"groups", groups}};
  const WeightSlots weights = graph.affine("weight", path);
  const std::string convolved = graph.add({
      .name = at + "activation",
      .kind = "convolution",
      .inputs = {embedded},
      .attributes = attributes,
      .weights = weights,
  });
  return graph.layer_norm(at + "LayerNorm", graph.sum(at + "add", first.last, convolved),
                          first.sizes.epsilon);
}

PostNormDefaults deberta_defaults(PostNormDefaults defaults) {
  defaults.types = 0;
  defaults.epsilon = 1e-7;
  return defaults;
}

DebertaVersion first_version() {
  return {"deberta",          "Deberta",         deberta_defaults({.vocabulary = 50265}),
          read_version_1,     fused_projections, own_position_projection,
          nothing_after_first};
}

DebertaVersion second_version() {
  return {"deberta-v2",
          "DebertaV2",
          deberta_defaults(
              {.vocabulary = 128100, .width = 1536, .layers = 24, .heads = 24, .ffn_width = 6144}),
          read_version_2,
          separate_projections,
          perhaps_shared_projection,
          convolution_after_first};
}

/// Narrow token vectors become as wide as the layers before they are normalised.
std::string add_deberta_embeddings(GraphBuilder& graph, const PostNormConfig& sizes) {
  const std::string at = deberta_path + "embeddings.", path = at + "embed_proj";
  std::string last = add_token_vectors(graph, sizes, {at, "position"});
  if (sizes.embedding != sizes.width) {
    graph.check_shape(path + ".weight", {sizes.width, sizes.embedding});
    last = graph.add({
        .name = path,
        .kind = "linear",
        .inputs = {last},
        .weights = graph.product("weight", path),
    });
  }
  return graph.layer_norm(at + "LayerNorm", last, sizes.epsilon);
}

std::string add_deberta_layers(GraphBuilder& graph, const PostNormConfig& sizes,
                               const DebertaVersion& version, const std::string& embedded) {
  const Disentanglement distances = version.distances(graph.config());
  const std::vector<std::string> encodings =
      add_disentangled_positions(graph, sizes, {deberta_path, distances, version.of_positions});
  std::string last = embedded;
  for (int64_t index = 0; index < sizes.layers; ++index) {
    const std::string at = deberta_path + "encoder.layer." + std::to_string(index) + ".";
    PostNormLayer layer = bert_layer(graph, at, encodings[static_cast<size_t>(index)]);
    layer.projections = version.projections(graph, at + "attention.self.", sizes) +
                        graph.affine("output", layer.attention);
    layer.attention_attributes = {{"scale", disentangled_scale(sizes, distances)}};
    last = add_post_norm_layer(graph, sizes, layer, last);
    if (index == 0) last = version.after_first({graph, sizes, deberta_path, last}, embedded);
  }
  return last;
}

PostNormConfig deberta_sizes(const Config& config, const PostNormDefaults& defaults) {
  PostNormConfig sizes(config, defaults);
  sizes.embedding = config.count("embedding_size", sizes.width);
  config.expect("attention_head_size", sizes.width / sizes.heads);
  return sizes;
}

FamilyGraph build_version(const Config& config, const Weights& weights,
                          const DebertaVersion& version) {
  expect_encoder(config);
  const PostNormConfig sizes = deberta_sizes(config, version.defaults);
  const std::vector<EncoderHead> heads = deberta_heads(version.prefix);
  const EncoderHead& head = choose_head(config, weights, heads);
  GraphBuilder graph(config, weights, {deberta_path, head.task == "encoder"});
  graph.spec().family = version.family;
  graph.spec().width = sizes.width;
  graph.spec().context = config.count("max_position_embeddings", 512);
  const std::string last =
      add_deberta_layers(graph, sizes, version, add_deberta_embeddings(graph, sizes));
  finish_encoder(head, {graph, sizes, deberta_path, last});
  // The enhanced mask decoder, which the reference does not build either.
  graph.ignore("mask_predictions\\..*");
  return graph.finish();
}

FamilyGraph build_deberta(const Config& config, const Weights& weights) {
  return build_version(config, weights, first_version());
}

FamilyGraph build_deberta_v2(const Config& config, const Weights& weights) {
  return build_version(config, weights, second_version());
}

}  // namespace

Family deberta() {
  return {
      .model_type = "deberta",
      .build = build_deberta,
      .special = {.pad = 0},
  };
}

Family deberta_v2() {
  return {
      .model_type = "deberta-v2",
      .build = build_deberta_v2,
      .special = {.pad = 0},
  };
}

}  // namespace locus::families
