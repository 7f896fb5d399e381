#include <algorithm>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "pipelines/comparison.hpp"
#include "pipelines/comparison/pairs.hpp"

namespace locus {
namespace {

using pipelines::obstacle_between;

ComparedGroup& group_of(std::vector<ComparedGroup>& groups, const std::string& metric) {
  const auto found = std::ranges::find(groups, metric, &ComparedGroup::metric);
  if (found != groups.end()) return *found;
  groups.emplace_back().metric = metric;
  return groups.back();
}

bool may_be_baseline(const ComparedModel& model) { return model.standing != Standing::not_trained; }

/// By the name of its row, or of one of its runs.
bool is_named(const ComparedModel& model, const std::string& name) {
  return model.name == name ||
         std::ranges::find(model.runs, name, &SeedRun::name) != model.runs.end();
}

/// The wished model, or a learned table, or the first; null where none has learned anything.
const ComparedModel* baseline_of(const ComparedGroup& group, const std::string& wished) {
  const ComparedModel *learned = nullptr, *first = nullptr;
  for (const ComparedModel& model : group.models) {
    if (!may_be_baseline(model)) continue;
    if (is_named(model, wished)) return &model;
    const bool table = model.encoding == "learned" || model.encoding.starts_with("learned:");
    if (table && !learned) learned = &model;  // what came before relative encodings
    if (!first) first = &model;
  }
  return learned ? learned : first;
}

/// What seeds move, of the configurations that have learned something.
std::optional<SeedSpread> luck_of(const ComparedGroup& group) {
  std::vector<std::vector<double>> runs;
  for (const ComparedModel& model : group.models) {
    if (model.runs.size() < 2 || model.standing == Standing::not_trained) continue;
    auto& figures = runs.emplace_back();
    for (const SeedRun& run : model.runs) figures.push_back(run.bits_per_byte);
  }
  return runs.empty() ? std::nullopt : std::optional(seed_spread(runs));
}

void compare_group(ComparedGroup& group, const JudgeSettings& settings) {
  group.luck = luck_of(group);
  group.wished_margin = group.margin = settings.margin;
  if (group.luck && group.luck->min_difference <= min_lead) {
    group.margin = std::max(settings.margin, group.luck->min_difference);
  }
  const ComparedModel* baseline = baseline_of(group, settings.baseline);
  if (!baseline) {
    for (ComparedModel& model : group.models) model.obstacle = Obstacle::not_trained;
    group.other_baseline = !settings.baseline.empty();
    return;
  }
  group.baseline = baseline->name;
  group.other_baseline = !settings.baseline.empty() && !is_named(*baseline, settings.baseline);
  for (ComparedModel& model : group.models) {
    if (&model != baseline) model.obstacle = obstacle_between(model, *baseline);
  }
  pipelines::judge_pairs(group, *baseline, settings);
}

}  // namespace

std::vector<ModelFloor> floors_of(const ComparedGroup& group) {
  std::vector<ModelFloor> floors;
  for (const ComparedModel& model : group.models) {
    for (const ModelFloor& floor : model.floors) {
      const auto same = [&](const ModelFloor& other) {
        return other.kind == floor.kind && other.nll == floor.nll;
      };
      auto known = std::ranges::find_if(floors, same);
      if (known == floors.end()) {
        known = floors.insert(known, floor);
        known->tokens_of = model.name;
      }
      if (model.name.size() < known->tokens_of.size()) known->tokens_of = model.name;
    }
  }
  for (ModelFloor& floor : floors) {
    if (std::ranges::count(floors, floor.kind, &ModelFloor::kind) == 1) floor.tokens_of.clear();
  }
  std::ranges::stable_sort(floors, {}, &ModelFloor::bits_per_byte);
  return floors;
}

RecipeReport recipes_of(const ComparedGroup& group) {
  RecipeReport report;
  std::vector<NamedTraining> models;
  for (const ComparedModel& model : group.models) {
    models.push_back({model.name, model.training ? &*model.training : nullptr});
    if (!model.training) report.unknown.push_back(model.name);
  }
  report.differences = recipe_differences(models);
  return report;
}

std::vector<ComparedGroup> compare_models(std::vector<ComparedModel> models,
                                          const JudgeSettings& settings) {
  const DefaultFloats floats;
  const auto named = [&](const ComparedModel& model) { return is_named(model, settings.baseline); };
  if (!settings.baseline.empty() && std::ranges::none_of(models, named)) {
    throw Error("compare", "a baseline among the models", "'" + settings.baseline + "'");
  }
  std::vector<ComparedGroup> groups;
  for (ComparedModel& model : models) {
    group_of(groups, metric_name(model.task)).models.push_back(std::move(model));
  }
  for (ComparedGroup& group : groups) {
    std::ranges::stable_sort(group.models, {}, bits_of);
    compare_group(group, settings);
  }
  return groups;
}

}  // namespace locus
