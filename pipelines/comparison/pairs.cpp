#include "pipelines/comparison/pairs.hpp"

#include <algorithm>

#include "evaluation/letters.hpp"
#include "evaluation/multi_bootstrap.hpp"

namespace locus::pipelines {
namespace {

constexpr double level = 0.95;
constexpr size_t min_units = 12;  // with fewer no corrected test can find anything

/// Whether two models were scored on the same bytes by tokenizers that lose nothing.
bool same_text(const ComparedModel& model, const ComparedModel& baseline) {
  if (model.lossy_share > 0 || baseline.lossy_share > 0) return false;
  return std::ranges::equal(model.units, baseline.units, {}, &Unit::weight, &Unit::weight);
}

Runs runs_of(const ComparedModel& model) {
  Runs runs;
  for (const SeedRun& run : model.runs) runs.push_back(run.units);
  return runs;
}

/// p alone: what letters need.
double p_of(const ComparedModel& a, const ComparedModel& b, const SignFlipSettings& settings) {
  if (scope_between(a, b) != Scope::files) {
    return compare_runs(runs_of(a), runs_of(b), {.resamples = 1}).p;
  }
  return sign_flip_test(paired_differences(a.units, b.units), settings);
}

std::vector<ComparedModel*> lettered(ComparedGroup& group) {
  std::vector<ComparedModel*> rows;
  for (ComparedModel& model : group.models) {
    if (model.comparison || model.name == group.baseline) rows.push_back(&model);
  }
  return rows;
}

}  // namespace

Obstacle obstacle_between(const ComparedModel& model, const ComparedModel& baseline) {
  const auto untrained = [](const ComparedModel& each) {
    return each.standing == Standing::not_trained;
  };
  if (untrained(model) || untrained(baseline)) return Obstacle::not_trained;
  if (!same_text(model, baseline)) return Obstacle::other_text;
  if (model.training.has_value() != baseline.training.has_value()) return Obstacle::one_recipe;
  return Obstacle::none;
}

Scope scope_between(const ComparedModel& model, const ComparedModel& baseline) {
  if (model.runs.size() < 2 || baseline.runs.size() < 2) return Scope::files;
  const bool alike = trained_alike(*model.training, *baseline.training);
  return alike ? Scope::encodings : Scope::configurations;
}

Comparison compare_rows(const ComparedModel& model, const ComparedModel& baseline, uint64_t seed) {
  if (scope_between(model, baseline) == Scope::files) {
    ComparisonSettings settings;
    settings.bootstrap.seed = settings.sign_flip.seed = seed;
    return compare_pair(model.units, baseline.units, settings);
  }
  const RunDifference found =
      compare_runs(runs_of(model), runs_of(baseline), {.level = level, .seed = seed});
  Comparison comparison;
  comparison.difference = found.difference;
  comparison.interval = found.interval;
  comparison.p = found.p;
  comparison.units = static_cast<int64_t>(model.units.size());
  return comparison;
}

void add_letters(ComparedGroup& group, uint64_t seed) {
  const std::vector<ComparedModel*> rows = lettered(group);
  if (rows.size() < 2 || rows.front()->units.size() < min_units) return;
  SignFlipSettings settings;
  const size_t pairs = rows.size() * (rows.size() - 1) / 2;
  // So that the least p, corrected for all pairs, can fall below 1 - level.
  settings.permutations =
      std::max<int64_t>(settings.permutations, 100 * static_cast<int64_t>(pairs));
  settings.seed = seed;
  std::vector<double> p;
  for (size_t a = 0; a < rows.size(); ++a) {
    for (size_t b = a + 1; b < rows.size(); ++b) p.push_back(p_of(*rows[a], *rows[b], settings));
  }
  const std::vector<double> adjusted = holm(p);
  const auto differ = [&](size_t a, size_t b) {
    const size_t row = a * rows.size() - a * (a + 1) / 2;  // pairs of the rows before
    return adjusted[row + (b - a - 1)] <= 1 - level;
  };
  const std::vector<std::string> letters = compact_letters(rows.size(), differ);
  for (size_t i = 0; i < rows.size(); ++i) rows[i]->letters = letters[i];
}

}  // namespace locus::pipelines
