#include "models/classify.hpp"

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "pipelines/tasks/pipeline_state.hpp"

namespace locus {
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

std::vector<LabelScore> Pipeline::classify(std::string_view text, std::string_view pair) try {
  const DefaultFloats floats;
  return classify(read({text, pair}));
} catch (...) {
  throw_as_error("classify");
}

std::vector<LabelScore> Pipeline::classify(const ModelInput& input) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  state_->note(input.ids.size());
  const auto scores = locus::classify(session(), input.sequence());
  return named(scores, label_names(model(), scores.size()));
} catch (...) {
  throw_as_error("classify");
}

std::vector<LabelScore> Pipeline::choose(std::string_view text,
                                         std::span<const std::string> choices) try {
  const DefaultFloats floats;
  const Turn turn(*this);
  check_text("text", text);
  std::vector<ModelInput> inputs;
  for (const std::string& choice : choices) {
    check_text("choice", choice);
    auto encoding =
        encode_pair_for_model(state_->opened_tokenizer(), text, choice, state_->encoding());
    state_->take("choice", encoding.ids);
    inputs.push_back({std::move(encoding.ids), std::move(encoding.type_ids)});
  }
  std::vector<Sequence> sequences;
  sequences.reserve(inputs.size());
  for (const ModelInput& input : inputs) sequences.push_back(input.sequence());
  return named(locus::choose(session(), sequences), choices);
} catch (...) {
  throw_as_error("choose");
}

}  // namespace locus
