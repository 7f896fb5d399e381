#include "evaluation/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"

namespace locus {
namespace {

constexpr size_t max_exact_units = 16;

Unit total(std::span<const Unit> units) {
  Unit sum;
  for (const Unit& unit : units) {
    sum.sum += unit.sum;
    sum.weight += unit.weight;
  }
  return sum;
}

// Sums that are equal but for the order of their terms must count as equal.
bool as_far(double sum, double seen) { return std::abs(sum) >= std::abs(seen) * (1 - 1e-12); }

// Gray code: neighbouring assignments differ in one sign.
double exact_sign_flip(std::span<const Unit> differences, double seen) {
  const uint64_t assignments = uint64_t{1} << differences.size();
  std::vector<double> signs(differences.size(), 1);
  int64_t hits = 0;
  for (uint64_t step = 0; step < assignments; ++step) {
    double sum = 0;
    for (size_t i = 0; i < differences.size(); ++i) sum += signs[i] * differences[i].sum;
    hits += as_far(sum, seen) ? 1 : 0;
    const auto flipped = static_cast<size_t>(__builtin_ctzll(step + 1));
    if (flipped < signs.size()) signs[flipped] = -signs[flipped];
  }
  return static_cast<double>(hits) / static_cast<double>(assignments);
}

double drawn_sign_flip(std::span<const Unit> differences, double seen,
                       const SignFlipSettings& settings) {
  Random random(settings.seed);
  int64_t hits = 0;
  for (int64_t permutation = 0; permutation < settings.permutations; ++permutation) {
    double sum = 0;
    uint64_t bits = 0;
    for (size_t i = 0; i < differences.size(); ++i, bits >>= 1) {
      if (i % 64 == 0) bits = random.bits();
      sum += (bits & 1) ? differences[i].sum : -differences[i].sum;
    }
    hits += as_far(sum, seen) ? 1 : 0;
  }
  return static_cast<double>(1 + hits) / static_cast<double>(1 + settings.permutations);
}

bool within(const Interval& interval, double margin) {
  return interval.low >= -margin && interval.high <= margin;
}

Verdict judge(const Comparison& comparison, size_t candidates, const ComparisonSettings& settings) {
  const int64_t min = candidates > 1 ? 12 : 6;  // 2 / 2^6 is the first to fall below 0.05
  if (comparison.units < min) return Verdict::too_few_units;
  if (within(comparison.interval, settings.margin)) return Verdict::equivalent;
  const bool found = comparison.adjusted_p <= 1 - settings.level;
  if (found && comparison.interval.high < 0) return Verdict::better;
  if (found && comparison.interval.low > 0) return Verdict::worse;
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

double sign_flip_test(std::span<const Unit> differences, const SignFlipSettings& settings) {
  if (differences.empty()) throw Error("sign-flip test", "at least one unit", "none");
  const double seen = total(differences).sum;
  if (differences.size() <= max_exact_units) return exact_sign_flip(differences, seen);
  return drawn_sign_flip(differences, seen, settings);
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

std::vector<Comparison> compare(std::span<const std::vector<Unit>> candidates,
                                std::span<const Unit> baseline,
                                const ComparisonSettings& settings) {
  BootstrapSettings bootstrap_settings = settings.bootstrap;
  bootstrap_settings.level = settings.level;
  std::vector<Comparison> comparisons;
  std::vector<double> p;
  for (const auto& candidate : candidates) {
    const std::vector<Unit> differences = paired_differences(candidate, baseline);
    Comparison& comparison = comparisons.emplace_back();
    comparison.difference = weighted_mean(differences);
    comparison.interval = bootstrap(differences, bootstrap_settings);
    comparison.units = static_cast<int64_t>(differences.size());
    p.push_back(comparison.p = sign_flip_test(differences, settings.sign_flip));
  }
  const std::vector<double> adjusted = holm(p);
  for (size_t i = 0; i < comparisons.size(); ++i) {
    comparisons[i].adjusted_p = adjusted[i];
    comparisons[i].verdict = judge(comparisons[i], candidates.size(), settings);
  }
  return comparisons;
}

}  // namespace locus
