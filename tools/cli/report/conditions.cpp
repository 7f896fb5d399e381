#include "tools/cli/report/conditions.hpp"

#include <algorithm>
#include <utility>

namespace locus::cli {
namespace {

std::string windows_text(const ComparedModel& model, const ReportWords& words) {
  const NoteWords& notes = words.notes;
  const std::string context = grouped(model.context);
  switch (model.task) {
    case ScoringTask::masked:
    case ScoringTask::masked_word:
      return phrase(notes.windows_masked, {{"context", context}});
    case ScoringTask::infill:
    case ScoringTask::given_source:
      return phrase(notes.windows_infill, {{"context", context}});
    case ScoringTask::causal:
      break;
  }
  const std::string convention = name_of(model.convention);
  if (model.stride == 0) {
    return phrase(notes.windows_apart, {{"context", context}, {"convention", convention}});
  }
  return phrase(
      notes.windows_sliding,
      {{"context", context}, {"stride", grouped(model.stride)}, {"convention", convention}});
}

std::string units_text(const ComparedModel& model, const ReportWords& words) {
  const std::string count = grouped(std::ssize(model.units));
  if (model.unit == "document") return phrase(words.notes.unit_document, {{"count", count}});
  return phrase(words.notes.unit_block, {{"count", count}, {"unit", model.unit}});
}

/// What fills the sentence, and whose it is.
struct Conditions {
  std::string windows, tokens, units;
  std::vector<std::string> models;
};

}  // namespace

std::vector<std::string> conditions_of(const ComparedGroup& group, const ReportWords& words) {
  std::vector<Conditions> all;
  for (const ComparedModel& model : group.models) {
    Conditions own{
        windows_text(model, words), grouped(model.summary.tokens), units_text(model, words), {}};
    const auto same = std::ranges::find_if(all, [&](const Conditions& other) {
      return other.windows == own.windows && other.tokens == own.tokens && other.units == own.units;
    });
    Conditions& place = same == all.end() ? all.emplace_back(std::move(own)) : *same;
    place.models.push_back(model.name);
  }
  std::vector<std::string> sentences;
  sentences.reserve(all.size());
  for (const Conditions& each : all) {
    sentences.push_back(phrase(all.size() == 1 ? words.notes.conditions : words.notes.conditions_of,
                               {{"models", joined(each.models, words)},
                                {"windows", each.windows},
                                {"tokens", each.tokens},
                                {"units", each.units}}));
  }
  return sentences;
}

}  // namespace locus::cli
