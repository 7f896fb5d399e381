#include "models/classify.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "models/heads/probabilities.hpp"
#include "models/shifted_text.hpp"

namespace locus {
namespace {

std::vector<ClassScore> in_order(const std::vector<double>& values) {
  std::vector<ClassScore> scores(values.size());
  for (size_t i = 0; i < values.size(); ++i) scores[i] = {static_cast<int64_t>(i), values[i]};
  return scores;
}

std::vector<ClassScore> ranked(const std::vector<double>& values) {
  std::vector<ClassScore> scores = in_order(values);
  std::ranges::stable_sort(scores, std::ranges::greater(), &ClassScore::value);
  return scores;
}

}  // namespace

bool classifies(std::string_view task) {
  return task == "sequence-classification" || task == "image-classification" ||
         task == "multi-label-classification" || task == "sequence-regression" ||
         task == "next-sentence";
}

bool chooses(const GraphSpec& spec) {
  return spec.task == "multiple-choice" || spec.outputs.contains("mc_logits");
}

std::vector<ClassScore> class_scores(std::string_view task, std::span<const float> logits) {
  heads::check_finite_logits("classify", logits);
  std::vector<double> values(logits.begin(), logits.end());
  if (task == "sequence-regression") return in_order(values);
  if (task == "multi-label-classification" || values.size() == 1) {
    for (double& value : values) value = heads::sigmoid(value);
    return ranked(values);
  }
  return ranked(heads::softmax(logits));
}

std::vector<ClassScore> classify(Session& session, const Sequence& sequence) {
  const std::string& task = session.graph().spec().task;
  if (!classifies(task)) throw Error("classify", "a model that classifies texts or images", task);
  read_texts(session, {&sequence, 1});
  return class_scores(task, session.output("logits").row(0));
}

std::vector<ClassScore> choose(Session& session, std::span<const Sequence> choices) {
  const std::string& task = session.graph().spec().task;
  if (!chooses(session.graph().spec())) {
    throw Error("classify", "a model for multiple choice", task);
  }
  read_texts(session, choices);
  const ConstView logits =
      session.output(task == "multiple-choice" ? "logits" : "mc_logits");  // [choices, 1]
  std::vector<float> column;
  for (int64_t row = 0; row < logits.size(0); ++row) column.push_back(logits(row, 0));
  heads::check_finite_logits("classify", column);
  return ranked(heads::softmax(column));
}

std::string label_of(std::span<const std::string> labels, int64_t id) {
  const auto index = static_cast<size_t>(id);
  return index < labels.size() ? labels[index] : "LABEL_" + std::to_string(id);
}

}  // namespace locus
