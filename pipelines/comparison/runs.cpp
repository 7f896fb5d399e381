#include <algorithm>
#include <array>

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

bool is_weights(const std::string& file) {
  return !file.ends_with(".json") && !file.ends_with(".txt") && !file.ends_with(".model");
}

/// Whether two runs are one file: by the hashes of their weights, or by every loss.
bool same_weights(const SeedRun& a, const SeedRun& b) {
  const bool losses = std::ranges::equal(a.units, b.units, {}, &Unit::sum, &Unit::sum);
  if (losses && !a.units.empty()) return true;
  bool any = false;
  for (const auto& [file, hash] : a.files) {
    if (!is_weights(file)) continue;
    const auto other = b.files.find(file);
    if (other == b.files.end() || other->second != hash) return false;
    any = true;
  }
  return any;
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

double bits_of(const ComparedModel& model) { return model.summary.bits_per_byte.value_or(0); }

void add_run(ComparedModel& row, SeedRun run) {
  const auto again = std::ranges::find_if(
      row.runs, [&](const SeedRun& other) { return same_weights(run, other); });
  if (again == row.runs.end()) {
    row.runs.push_back(std::move(run));
  } else {
    row.repeats.push_back({run.name, again->name});
  }
}

std::vector<ComparedModel> pool_runs(std::vector<ComparedModel> models, const CancelCheck& check) {
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
      for (SeedRun& run : model.runs) add_run(*row, std::move(run));
    }
  }
  for (ComparedModel& row : rows) {
    if (row.runs.size() > 1) row.name = common_name(row.runs);
    average_runs(row, check);
  }
  return rows;
}

}  // namespace locus
