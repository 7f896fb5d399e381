#include "evaluation/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace locus {
namespace {

Unit total(std::span<const Unit> units) {
  Unit sum;
  for (const Unit& unit : units) {
    sum.sum += unit.sum;
    sum.weight += unit.weight;
  }
  return sum;
}

bool within(const Interval& interval, double margin) {
  return interval.low >= -margin && interval.high <= margin;
}

Verdict verdict_of(const Comparison& comparison, size_t candidates,
                   const ComparisonSettings& settings) {
  if (comparison.units < min_judged_units(candidates, settings.level)) {
    return Verdict::too_few_units;
  }
  const Interval& interval = comparison.interval;
  const bool may_be_none = interval.low <= 0 && interval.high >= 0;
  if (within(interval, settings.margin)) return Verdict::equivalent;
  if (may_be_none && within(interval, settings.luck)) return Verdict::equivalent;
  const bool found = comparison.adjusted_p <= 1 - settings.level;
  if (found && interval.high < 0) return Verdict::better;
  if (found && interval.low > 0) return Verdict::worse;
  return Verdict::undecided;
}

}  // namespace

double weighted_mean(std::span<const Unit> units) {
  if (units.empty()) throw Error("statistics", "at least one unit", "none");
  for (const Unit& unit : units) {
    if (!(unit.weight > 0)) {
      throw Error("statistics", "positive weights", std::to_string(unit.weight));
    }
  }
  const Unit sum = total(units);
  return sum.sum / sum.weight;
}

std::vector<Unit> paired_differences(std::span<const Unit> candidate,
                                     std::span<const Unit> baseline) {
  if (candidate.size() != baseline.size()) {
    throw Error("paired differences", std::to_string(baseline.size()) + " units",
                std::to_string(candidate.size()));
  }
  std::vector<Unit> differences;
  for (size_t i = 0; i < candidate.size(); ++i) {
    if (candidate[i].weight != baseline[i].weight) {
      throw Error("paired differences, unit " + std::to_string(i),
                  "weight " + std::to_string(baseline[i].weight) + ", that of the same text",
                  std::to_string(candidate[i].weight));
    }
    differences.push_back({candidate[i].sum - baseline[i].sum, baseline[i].weight});
  }
  return differences;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const auto remaining = static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, remaining * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::equivalent:
      return "equivalent";
    case Verdict::undecided:
      return "undecided";
    case Verdict::too_few_units:
      return "too few units";
  }
  return {};
}

int64_t min_judged_units(size_t tests, double level) {
  const double min_units = std::log2(2 * static_cast<double>(tests) / (1 - level));
  const auto units = static_cast<int64_t>(std::ceil(min_units - 1e-9));
  return tests > 1 ? std::max<int64_t>(units, 12) : units;
}

void judge(std::span<Comparison> comparisons, const ComparisonSettings& settings) {
  std::vector<double> p;
  for (const Comparison& comparison : comparisons) p.push_back(comparison.p);
  const std::vector<double> adjusted = holm(p);
  for (size_t i = 0; i < comparisons.size(); ++i) {
    comparisons[i].adjusted_p = adjusted[i];
    comparisons[i].verdict = verdict_of(comparisons[i], comparisons.size(), settings);
  }
}

Comparison compare_pair(std::span<const Unit> candidate, std::span<const Unit> baseline,
                        const ComparisonSettings& settings) {
  const std::vector<Unit> differences = paired_differences(candidate, baseline);
  BootstrapSettings bootstrap_settings = settings.bootstrap;
  bootstrap_settings.level = settings.level;
  Comparison comparison;
  comparison.difference = weighted_mean(differences);
  comparison.interval = bootstrap(differences, bootstrap_settings);
  comparison.units = static_cast<int64_t>(differences.size());
  comparison.p = sign_flip_test(differences, settings.sign_flip);
  comparison.min_p = min_sign_flip_p(differences.size(), settings.sign_flip);
  return comparison;
}

std::vector<Comparison> compare(std::span<const std::vector<Unit>> candidates,
                                std::span<const Unit> baseline,
                                const ComparisonSettings& settings) {
  std::vector<Comparison> comparisons;
  for (const auto& candidate : candidates) {
    comparisons.push_back(compare_pair(candidate, baseline, settings));
  }
  judge(comparisons, settings);
  return comparisons;
}

}  // namespace locus
