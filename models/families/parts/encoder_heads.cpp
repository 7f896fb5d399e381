#include "models/families/parts/encoder_heads.hpp"

#include <algorithm>

#include "models/files/special_ids.hpp"

namespace locus::families {

std::string classification_task(const Config& config) {
  const std::string type = config.text("problem_type", "single_label_classification");
  if (type == "single_label_classification") return "sequence-classification";
  if (type == "multi_label_classification") return "multi-label-classification";
  if (type == "regression") return "sequence-regression";
  config.fail("problem_type",
              "single_label_classification, multi_label_classification or regression",
              "'" + type + "'");
}

const EncoderHead& choose_head(const Config& config, const Weights& weights,
                               std::span<const EncoderHead> heads) {
  std::vector<std::string> known;
  std::string absent = heads.front().architecture;
  for (const EncoderHead& head : heads) known.push_back(head.architecture);
  for (const EncoderHead& head : heads) {
    if (head.sign.empty() || !weights.contains(head.sign)) continue;
    absent = head.architecture;
    break;
  }
  const std::string name = config.architecture(known, absent);
  return *std::ranges::find(heads, name, &EncoderHead::architecture);
}

namespace {

/// Heads of pretraining, which files of classes that were trained further may still hold.
constexpr const char* pretraining_heads =
    "(cls\\.predictions|lm_head|predictions|vocab_(transform|layer_norm|projector)|"
    "(generator|discriminator|lm|mask)_predictions|generator_lm_head)\\..*|"
    "decoder\\.(weight|bias)";

}  // namespace

void finish_encoder(const EncoderHead& head, const EncoderEnd& end) {
  GraphSpec& spec = end.graph.spec();
  spec.task = head.task;
  if (head.task == "masked-lm" && end.sizes.decoder) spec.task = "causal-lm";
  if (head.task == "sequence-classification") spec.task = classification_task(end.graph.config());
  end.graph.output("last_hidden_state", end.last);
  head.add(end);
  // The discriminator's own head is read: what a head lacks is still missed.
  if (head.task != "masked-lm") end.graph.ignore(pretraining_heads);
}

std::string add_pooler(const EncoderEnd& end) {
  const std::string at = end.base + "pooler";
  std::string pooled = end.graph.linear(
      at + ".activation", end.graph.first(at + ".gather", end.last), at + ".dense", "tanh");
  end.graph.output("pooler_output", pooled);
  return pooled;
}

void add_optional_pooler(const EncoderEnd& end) {
  if (end.graph.stored(end.base + "pooler.dense.weight")) add_pooler(end);
}

void add_classifier(const EncoderEnd& end, const std::string& path, const std::string& input) {
  add_token_classes(end.graph, path, input);
}

void classify_pooled(const EncoderEnd& end) { add_classifier(end, "classifier", add_pooler(end)); }

std::function<void(const EncoderEnd&)> classify_first(const std::string& activation) {
  return [activation](const EncoderEnd& end) {
    const std::string first = end.graph.first("classifier.gather", end.last);
    const std::string dense =
        end.graph.linear("classifier.activation", first, "classifier.dense", activation);
    add_classifier(end, "classifier.out_proj", dense);
  };
}

void add_choice(GraphBuilder& graph, const std::string& path, const std::string& pooled) {
  graph.check_shape(path + ".weight", {1, -1});
  graph.output("logits", graph.linear(path, pooled, path));
}

namespace {

std::string summarised(GraphBuilder& graph, const std::string& type, const std::string& last) {
  const std::string name = "sequence_summary.gather";
  if (type == "first" || type == "last" || type == "cls_index") {  // whose default is the last
    const std::string rows = type == "first" ? "first" : "last";
    return graph.add({
        .name = name,
        .kind = "gather",
        .inputs = {last},
        .attributes = {{"rows", rows}},
    });
  }
  if (type == "mean")
    return graph.add({
        .name = name,
        .kind = "pool",
        .inputs = {last},
        .attributes = {{"kind", type}},
    });
  graph.config().fail("summary_type", "first, last, mean or cls_index", "'" + type + "'");
}

/// Null and an empty name stand for none.
std::string summary_activation(const Config& config, const std::string& fallback) {
  const bool none =
      config.is_null("summary_activation") || config.text("summary_activation", fallback).empty();
  return none ? "identity" : config.activation("summary_activation", fallback);
}

}  // namespace

void choose_pooled(const EncoderEnd& end) { add_choice(end.graph, "classifier", add_pooler(end)); }

std::string add_summary(GraphBuilder& graph, const SummaryDefaults& defaults,
                        const std::string& last) {
  const Config& config = graph.config();
  if (config.boolean("summary_proj_to_labels", false)) {
    config.fail("summary_proj_to_labels", "false", "true");
  }
  std::string row = summarised(graph, config.text("summary_type", defaults.type), last);
  const std::string activation = summary_activation(config, defaults.activation);
  if (config.boolean("summary_use_proj", defaults.projects)) {
    return graph.linear("sequence_summary.activation", row, "sequence_summary.summary", activation);
  }
  if (activation != "identity") {
    config.fail("summary_use_proj", "true where there is a 'summary_activation'", "false");
  }
  return row;
}

std::function<void(const EncoderEnd&)> choose_summary(const SummaryDefaults& defaults) {
  return [defaults](const EncoderEnd& end) {
    add_choice(end.graph, "classifier", add_summary(end.graph, defaults, end.last));
  };
}

void add_choice_head(GraphBuilder& graph, const std::string& last) {
  const Config& config = graph.config();
  const std::string type = config.text("summary_type", "cls_index");
  if (type != "cls_index") config.fail("summary_type", "cls_index", "'" + type + "'");
  for (const char* key : {"summary_use_proj", "summary_proj_to_labels"}) {
    if (!config.boolean(key, true)) config.fail(key, "true", "false");
  }
  const std::string at = "multiple_choice_head.";
  graph.check_shape(at + "summary.weight", {1, -1});
  const std::string row = graph.add({
      .name = at + "gather",
      .kind = "gather",
      .inputs = {last},
      .attributes = {{"rows", "last"}},
  });
  graph.output("mc_logits", graph.linear(at + "summary", row, at + "summary",
                                         config.activation("summary_activation", "identity")));
}

void follow_pooled(const EncoderEnd& end) {
  const std::string path = "cls.seq_relationship";
  end.graph.check_shape(path + ".weight", {2, end.sizes.width});
  end.graph.output("logits", end.graph.linear(path, add_pooler(end), path));
}

void classify_tokens(const EncoderEnd& end) { add_classifier(end, "classifier", end.last); }

void add_token_classes(GraphBuilder& graph, const std::string& path, const std::string& last) {
  graph.check_shape(path + ".weight", {graph.config().classes(), -1});
  graph.output("logits", graph.linear(path, last, path));
}

void classify_end(GraphBuilder& graph, const std::string& last) {
  const std::string at = "classification_head.";
  const auto end = files::config_id(graph.config(), "eos_token_id", &ModelIds::eos);
  if (!end) graph.config().fail("eos_token_id", "an id, whose row is classified", "none");
  const Attributes rows{{"rows", "last_of"}, {"id", *end}};
  const std::string row = graph.add({
      .name = at + "gather",
      .kind = "gather",
      .inputs = {last},
      .attributes = rows,
  });
  add_token_classes(graph, at + "out_proj",
                    graph.linear(at + "activation", row, at + "dense", "tanh"));
}

void find_span(const EncoderEnd& end) { add_span(end.graph, end.last, "qa_outputs"); }

void add_span(GraphBuilder& graph, const std::string& last, const std::string& path) {
  graph.check_shape(path + ".weight", {2, -1});
  int64_t row = 0;
  for (const std::string side : {"start", "end"}) {
    WeightSlots one = graph.affine("weight", path);
    for (auto& [slot, reference] : one) reference.steps = {slice(0, row, row + 1)};
    const std::string name = path + "." + side;
    graph.output(side + "_logits", graph.add({
                                       .name = name,
                                       .kind = "linear",
                                       .inputs = {last},
                                       .weights = one,
                                   }));
    ++row;
  }
}

void add_masked_lm(const EncoderEnd& end, const MaskedLmHead& head) {
  GraphBuilder& graph = end.graph;
  const WeightRef matrix = head.always_tied
                               ? graph.weight(head.table)
                               : graph.head_weight({head.decoder + ".weight", head.table});
  // transformers 5 keeps two biases in a head that is untied, or whose two differ in the file, and
  // reads the decoder's own.
  const std::string own = head.decoder + ".bias";
  const bool takes_own = !graph.stored(head.bias) || (!head.always_tied && graph.stored(own));
  const std::string bias = takes_own ? own : head.bias;
  const std::string dense = graph.linear(head.activated, graph.requested(head.gather, end.last),
                                         head.dense, head.activation);
  const std::string norm = graph.layer_norm(head.norm, dense, end.sizes.epsilon);
  const WeightSlots weights{{"weight", matrix}, {"bias", graph.weight(bias)}};
  graph.output("logits", graph.add({
                             .name = head.decoder,
                             .kind = "linear",
                             .inputs = {norm},
                             .weights = weights,
                         }));
  for (const std::string& copy : {head.decoder + ".bias", head.bias}) graph.ignore_name(copy);
}

void add_bert_masked_lm(const EncoderEnd& end) {
  const std::string at = "cls.predictions.", transform = at + "transform.";
  add_masked_lm(end, {at + "gather", transform + "transform_act_fn", transform + "dense",
                      transform + "LayerNorm", at + "decoder", at + "bias",
                      end.base + "embeddings.word_embeddings.weight", end.sizes.activation});
}

void add_bert_pretraining(const EncoderEnd& end) {
  add_optional_pooler(end);
  add_bert_masked_lm(end);
}

void add_roberta_masked_lm(const EncoderEnd& end) {
  const std::string at = "lm_head.";
  add_masked_lm(end,
                {at + "gather", at + "activation", at + "dense", at + "layer_norm", at + "decoder",
                 at + "bias", end.base + "embeddings.word_embeddings.weight", "gelu"});
}

void ignore_pretraining(GraphBuilder& graph, const std::string& base) {
  const std::string name = base.substr(0, base.size() - 1);
  graph.ignore("(" + name + "\\.)?pooler\\.dense\\.(weight|bias)");
  graph.ignore("cls\\.seq_relationship\\.(weight|bias)");
}

}  // namespace locus::families
