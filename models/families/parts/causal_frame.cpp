#include "models/families/parts/causal_frame.hpp"

#include "models/families/parts/direction.hpp"
#include "models/families/parts/encoder_heads.hpp"
#include "models/files/special_ids.hpp"

namespace locus::families {
namespace {

const std::string classifies_sequences = "ForSequenceClassification",
                  classifies_tokens = "ForTokenClassification",
                  answers_questions = "ForQuestionAnswering", chooses_too = "DoubleHeadsModel";

std::string causal_class(const Config& config, const CausalNames& names) {
  const std::string prefix = names.bare.substr(0, names.bare.size() - 5);  // without `Model`
  std::vector<std::string> known{names.bare, names.headed, prefix + classifies_sequences};
  if (!names.tokens.empty()) known.push_back(prefix + classifies_tokens);
  if (names.answers) known.push_back(prefix + answers_questions);
  if (names.chooses) known.push_back(prefix + chooses_too);
  return config.architecture(known, names.headed);
}

std::string causal_task(const Config& config, const CausalNames& names,
                        const std::string& architecture) {
  if (architecture == names.bare) return "encoder";
  if (architecture == names.headed || architecture.ends_with(chooses_too)) return "causal-lm";
  if (architecture.ends_with(classifies_sequences)) return classification_task(config);
  return architecture.ends_with(classifies_tokens) ? "token-classification" : "question-answering";
}

GraphBuilder::Naming causal_naming(const CausalNames& names, const std::string& architecture) {
  const bool answers = architecture.ends_with(answers_questions);
  return {answers ? names.answer_base : names.base, architecture == names.bare};
}

/// The classes of a sequence, from one row.
void classify_row(GraphBuilder& graph, const std::string& kind, const std::string& last) {
  const std::string row = add_classified_row(graph, "score.gather", kind, last);
  graph.check_shape("score.weight", {graph.config().classes(), -1});
  graph.output("logits", graph.add({
                             .name = "score",
                             .kind = "linear",
                             .inputs = {row},
                             .weights = graph.product("weight", "score"),
                         }));
}

/// The classes of each row. transformers 5 leaves out the bias of the head that its classes share
/// where the config says so.
void classify_each(GraphBuilder& graph, const std::string& path, const std::string& last) {
  const std::string key = "token_classification_bias";
  if (path != "score" || graph.config().boolean(key, true)) {
    return add_token_classes(graph, path, last);
  }
  if (graph.stored(path + ".bias")) {
    graph.config().fail(key, "true where '" + path + ".bias' is stored", "false");
  }
  graph.check_shape(path + ".weight", {graph.config().classes(), -1});
  graph.output("logits", graph.add({
                             .name = path,
                             .kind = "linear",
                             .inputs = {last},
                             .weights = graph.product("weight", path),
                         }));
}

}  // namespace

std::string add_classified_row(GraphBuilder& graph, const std::string& name,
                               const std::string& kind, const std::string& input) {
  const auto padding = files::config_id(graph.config(), "pad_token_id", &ModelIds::pad);
  Attributes rows{{"rows", padding ? kind : std::string("last")}};
  if (padding) rows.set("id", *padding);
  return graph.add({
      .name = name,
      .kind = "gather",
      .inputs = {input},
      .attributes = rows,
  });
}

CausalFrame::CausalFrame(const Config& config, const Weights& weights, const CausalNames& names,
                         GraphBuilder::Extent extent)
    : tokens_(names.tokens),
      classified_(names.classified),
      architecture_(causal_class(config, names)),
      graph_(config, weights, causal_naming(names, architecture_)) {
  if (names.chooses && !architecture_.ends_with(chooses_too)) {
    graph_.ignore("multiple_choice_head\\..*");
  }
  // They are decoders, whatever it says; the other key is of one class.
  config.idle({"is_decoder", "token_classification_bias"});
  if (!names.both_sides) expect_one_side(config);
  graph_.describe(names.family, causal_task(config, names, architecture_), extent);
}

FamilyGraph CausalFrame::finish(const LmHead& head, const std::string& last) {
  graph_.output("last_hidden_state", last);
  if (graph_.spec().task == "causal-lm") {
    graph_.lm_head(head, last);
  } else if (!head.path.empty()) {
    graph_.ignore(head.path + "\\.(weight|bias)");  // of the pretraining
  }
  if (architecture_.ends_with(chooses_too)) add_choice_head(graph_, last);
  if (architecture_.ends_with(classifies_sequences)) classify_row(graph_, classified_, last);
  if (architecture_.ends_with(classifies_tokens)) classify_each(graph_, tokens_, last);
  if (architecture_.ends_with(answers_questions)) add_span(graph_, last, "qa_outputs");
  return graph_.finish();
}

}  // namespace locus::families
