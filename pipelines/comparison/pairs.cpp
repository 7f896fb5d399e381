#include "pipelines/comparison/pairs.hpp"

#include <algorithm>

#include "evaluation/letters.hpp"
#include "evaluation/multi_bootstrap.hpp"

namespace locus::pipelines {
namespace {

constexpr double level = 0.95;

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

/// Settings by which the least p, corrected for so many tests, can fall below 1 - level.
SignFlipSettings permutations_for(size_t tests, const JudgeSettings& wished) {
  SignFlipSettings settings;
  settings.permutations = std::max(settings.permutations, 100 * static_cast<int64_t>(tests));
  settings.seed = wished.seed;
  settings.check = wished.check;
  return settings;
}

/// The baseline, and what compares with it.
std::vector<ComparedModel*> judged_rows(ComparedGroup& group) {
  std::vector<ComparedModel*> rows;
  for (ComparedModel& model : group.models) {
    if (model.obstacle == Obstacle::none) rows.push_back(&model);
  }
  return rows;
}

bool differ(const ComparedPair& pair) {
  return pair.comparison.verdict == Verdict::better || pair.comparison.verdict == Verdict::worse;
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

Comparison compare_rows(const ComparedModel& model, const ComparedModel& baseline,
                        const SignFlipSettings& sign_flip) {
  if (scope_between(model, baseline) == Scope::files) {
    ComparisonSettings settings;
    settings.sign_flip = sign_flip;
    settings.bootstrap.seed = sign_flip.seed;
    settings.bootstrap.check = sign_flip.check;
    return compare_pair(model.units, baseline.units, settings);
  }
  const RunDifference found =
      compare_runs(runs_of(model), runs_of(baseline),
                   {.level = level, .seed = sign_flip.seed, .check = sign_flip.check});
  Comparison comparison;
  comparison.difference = found.difference;
  comparison.interval = found.interval;
  comparison.p = found.p;
  comparison.units = static_cast<int64_t>(model.units.size());
  return comparison;
}

void judge_pairs(ComparedGroup& group, const ComparedModel& baseline, const JudgeSettings& wished) {
  const std::vector<ComparedModel*> rows = judged_rows(group);
  if (rows.size() < 2) return;
  const size_t tests = rows.size() * (rows.size() - 1) / 2;
  const SignFlipSettings settings = permutations_for(tests, wished);
  std::vector<Comparison> comparisons;
  std::vector<ComparedModel*> candidates;
  for (size_t a = 0; a < rows.size(); ++a) {
    for (size_t b = a + 1; b < rows.size(); ++b) {
      const bool turned = rows[a] == &baseline;  // the baseline is the other of its pairs
      ComparedModel &model = *rows[turned ? b : a], &other = *rows[turned ? a : b];
      group.pairs.push_back({model.name, other.name, scope_between(model, other), {}});
      comparisons.push_back(compare_rows(model, other, settings));
      candidates.push_back(&other == &baseline ? &model : nullptr);
    }
  }
  ComparisonSettings judging;
  judging.margin = wished.margin;
  judging.luck = group.margin;
  judge(comparisons, judging);
  group.permutations = settings.permutations;
  for (size_t i = 0; i < tests; ++i) {
    group.pairs[i].comparison = comparisons[i];
    if (!candidates[i]) continue;
    candidates[i]->comparison = comparisons[i];
    candidates[i]->scope = group.pairs[i].scope;
  }
  if (comparisons.front().units < min_judged_units(tests, level)) return;
  const auto apart = [&](size_t a, size_t b) {
    const size_t row = a * rows.size() - a * (a + 1) / 2;  // pairs of the rows before
    return differ(group.pairs[row + (b - a - 1)]);
  };
  const std::vector<std::string> letters = compact_letters(rows.size(), apart);
  for (size_t i = 0; i < rows.size(); ++i) rows[i]->letters = letters[i];
}

}  // namespace locus::pipelines
