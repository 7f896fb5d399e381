#include <algorithm>
#include <array>
#include <cmath>

#include "pipelines/comparison.hpp"

namespace locus {
namespace {

bool of_one_configuration(const ComparedModel& a, const ComparedModel& b) {
  if (!a.training || !b.training || a.task != b.task) return false;
  return one_configuration(*a.training, *b.training) && a.tokenizer == b.tokenizer &&
         a.summary.tokens == b.summary.tokens && a.lossy_share == 0 && b.lossy_share == 0;
}

bool has_seed(const ComparedModel& row, std::optional<int64_t> seed) {
  return std::ranges::find(row.runs, seed, &SeedRun::seed) != row.runs.end();
}

/// `causal-rope` of `causal-rope-seed1` and `causal-rope-seed2`.
std::string common_name(const std::vector<SeedRun>& runs) {
  std::string name = runs.front().name;
  for (const SeedRun& run : runs) {
    const auto differs = std::ranges::mismatch(name, run.name);
    name.erase(differs.in1, name.end());
  }
  for (const std::string_view tail : {"seed", "-", "_", "."}) {
    while (name.ends_with(tail)) name.erase(name.size() - tail.size());
  }
  return name.empty() ? runs.front().name : name;
}

}  // namespace

std::string to_string(Standing standing) {
  constexpr std::array names{"trained", "not trained", "unknown"};
  return names[static_cast<size_t>(standing)];
}

std::string to_string(Scope scope) {
  constexpr std::array names{"files", "configurations", "encodings"};
  return names[static_cast<size_t>(scope)];
}

double bits_of(const ComparedModel& model) {
  if (model.runs.empty()) return model.summary.bits_per_byte.value_or(0);
  double sum = 0;
  for (const SeedRun& run : model.runs) sum += run.bits_per_byte;
  return sum / static_cast<double>(model.runs.size());
}

Interval bits_interval(const ComparedModel& model) {
  if (model.runs.size() < 2) return model.bits_per_byte;
  std::vector<Unit> means = model.runs.front().units;
  for (size_t i = 0; i < means.size(); ++i) {
    means[i].sum = 0;
    for (const SeedRun& run : model.runs) means[i].sum += run.units[i].sum;
    means[i].sum /= static_cast<double>(model.runs.size());
  }
  return bootstrap(means);
}

double perplexity_of(const ComparedModel& model) {
  if (model.runs.empty()) return model.summary.perplexity;
  double sum = 0;
  for (const SeedRun& run : model.runs) sum += std::log(run.perplexity);
  return std::exp(sum / static_cast<double>(model.runs.size()));
}

std::vector<ComparedModel> pool_runs(std::vector<ComparedModel> models) {
  const auto seed_of = [](const ComparedModel& model) {
    return model.training ? model.training->seed : 0;
  };
  std::ranges::stable_sort(models, {}, seed_of);
  std::vector<ComparedModel> rows;
  for (ComparedModel& model : models) {
    const auto row = std::ranges::find_if(rows, [&](const ComparedModel& other) {
      return of_one_configuration(model, other) && !has_seed(other, model.training->seed);
    });
    if (row == rows.end()) {
      rows.push_back(std::move(model));
    } else {
      std::ranges::move(model.runs, std::back_inserter(row->runs));
    }
  }
  for (ComparedModel& row : rows) {
    if (row.runs.size() > 1) row.name = common_name(row.runs);
  }
  return rows;
}

}  // namespace locus
