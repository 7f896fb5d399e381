#include <algorithm>

#include "base/error.hpp"
#include "pipelines/comparison.hpp"

namespace locus {
namespace {

ComparedGroup& group_of(std::vector<ComparedGroup>& groups, const std::string& metric) {
  const auto found = std::ranges::find(groups, metric, &ComparedGroup::metric);
  if (found != groups.end()) return *found;
  groups.emplace_back().metric = metric;
  return groups.back();
}

const ComparedModel& baseline_of(const ComparedGroup& group, const std::string& wished) {
  for (const ComparedModel& model : group.models) {
    if (model.name == wished) return model;
  }
  for (const ComparedModel& model : group.models) {  // what came before relative encodings
    if (model.encoding == "learned" || model.encoding.starts_with("learned:")) return model;
  }
  return group.models.front();
}

/// Whether two models were scored on the same bytes by tokenizers that lose nothing.
bool comparable(const ComparedModel& model, const ComparedModel& baseline) {
  if (model.lossy_share > 0 || baseline.lossy_share > 0) return false;
  return std::ranges::equal(model.units, baseline.units,
                            [](const Unit& a, const Unit& b) { return a.weight == b.weight; });
}

void compare_group(ComparedGroup& group, const std::string& wished, uint64_t seed) {
  const ComparedModel& baseline = baseline_of(group, wished);
  group.baseline = baseline.name;
  group.other_baseline = !wished.empty() && wished != baseline.name;
  std::vector<std::vector<Unit>> candidates;
  std::vector<ComparedModel*> compared;
  for (ComparedModel& model : group.models) {
    if (model.name == group.baseline || !comparable(model, baseline)) continue;
    candidates.push_back(model.units);
    compared.push_back(&model);
  }
  if (candidates.empty()) return;
  ComparisonSettings settings;
  settings.margin = margin_in_bits;
  settings.bootstrap.seed = seed;
  settings.sign_flip.seed = seed;
  const std::vector<Comparison> comparisons = compare(candidates, baseline.units, settings);
  for (size_t index = 0; index < compared.size(); ++index) {
    compared[index]->comparison = comparisons[index];
  }
}

std::optional<SeedSpread> luck_of(const ComparedGroup& group) {
  std::vector<std::vector<double>> runs;
  for (const ComparedModel& model : group.models) {
    if (model.seeds.empty() || !model.summary.bits_per_byte) continue;
    auto& figures = runs.emplace_back(1, *model.summary.bits_per_byte);
    for (const SeedRun& run : model.seeds) figures.push_back(run.bits_per_byte);
  }
  return runs.empty() ? std::nullopt : std::optional(seed_spread(runs));
}

}  // namespace

std::vector<ComparedGroup> compare_models(std::vector<ComparedModel> models,
                                          const std::string& baseline, uint64_t seed) {
  const auto named = [&](const ComparedModel& model) { return model.name == baseline; };
  if (!baseline.empty() && std::ranges::none_of(models, named)) {
    throw Error("compare", "a baseline among the models", "'" + baseline + "'");
  }
  std::vector<ComparedGroup> groups;
  for (ComparedModel& model : models) {
    group_of(groups, metric_name(model.task)).models.push_back(std::move(model));
  }
  for (ComparedGroup& group : groups) {
    compare_group(group, baseline, seed);
    group.luck = luck_of(group);
    std::ranges::stable_sort(group.models, {}, [](const ComparedModel& model) {
      return model.summary.bits_per_byte.value_or(0);
    });
  }
  return groups;
}

std::vector<Rung> ladder_of(const std::vector<ComparedGroup>& groups) {
  std::vector<Rung> ladder;
  for (const ComparedGroup& group : groups) {
    for (const ComparedModel& model : group.models) {
      if (model.summary.bits_per_byte) ladder.push_back({&model, &group});
    }
  }
  std::ranges::stable_sort(ladder, {},
                           [](const Rung& rung) { return *rung.model->summary.bits_per_byte; });
  return ladder;
}

}  // namespace locus
