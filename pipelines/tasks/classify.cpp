#include "models/classify.hpp"

#include "base/error.hpp"
#include "pipelines/tasks/tasks.hpp"

namespace locus::pipelines {
namespace {

std::vector<std::string> label_names(const Model& model, size_t count) {
  if (model.spec().task == "next-sentence" && model.labels().empty()) {
    return {"next", "random"};  // what the classes of `cls.seq_relationship` are trained for
  }
  std::vector<std::string> names;
  for (size_t id = 0; id < count; ++id) {
    names.push_back(label_of(model.labels(), static_cast<int64_t>(id)));
  }
  return names;
}

std::vector<LabelScore> named(const std::vector<ClassScore>& scores,
                              std::span<const std::string> names) {
  std::vector<LabelScore> labels;
  labels.reserve(scores.size());
  for (const auto& [id, value] : scores) {
    labels.push_back({id, names[static_cast<size_t>(id)], value});
  }
  return labels;
}

}  // namespace

std::vector<LabelScore> classify_text(State& state, std::string_view text, std::string_view pair) {
  return classify_input(state, state.read({text, pair}));
}

std::vector<LabelScore> classify_input(State& state, const ModelInput& input) {
  state.note(input.ids.size());
  const auto scores = locus::classify(state.session, input.sequence());
  return named(scores, label_names(*state.model, scores.size()));
}

std::vector<LabelScore> choose(State& state, std::string_view text,
                               std::span<const std::string> choices) {
  check_text("text", text);
  std::vector<ModelInput> inputs;
  for (const std::string& choice : choices) {
    check_text("choice", choice);
    auto encoding = encode_pair_for_model(state.opened_tokenizer(), text, choice, state.encoding());
    state.take("choice", encoding.ids);
    inputs.push_back({std::move(encoding.ids), std::move(encoding.type_ids)});
  }
  std::vector<Sequence> sequences;
  sequences.reserve(inputs.size());
  for (const ModelInput& input : inputs) sequences.push_back(input.sequence());
  return named(locus::choose(state.session, sequences), choices);
}

}  // namespace locus::pipelines
