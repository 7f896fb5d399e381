#include "evaluation/multi_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/watch.hpp"
#include "evaluation/statistics/distributions.hpp"
#include "evaluation/statistics/quantile.hpp"

namespace locus {
namespace {

void check(const Runs& candidate, const Runs& baseline) {
  for (const Runs* runs : {&candidate, &baseline}) {
    if (runs->size() < 2) {
      throw Error("multi-bootstrap", "two runs or more of each recipe",
                  std::to_string(runs->size()));
    }
    for (const auto& run : *runs) paired_differences(run, candidate.front());
  }
  if (candidate.front().size() < 2) {
    throw Error("multi-bootstrap", "two units or more", std::to_string(candidate.front().size()));
  }
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Squares about the mean over n - 1.
double variance(std::span<const double> values) {
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  return squares / static_cast<double>(values.size() - 1);
}

std::vector<double> means_of(const Runs& runs) {
  std::vector<double> means;
  for (const auto& run : runs) means.push_back(weighted_mean(run));
  return means;
}

/// One unit's difference, averaged over the runs of each side.
std::vector<Unit> mean_differences(const Runs& candidate, const Runs& baseline) {
  std::vector<Unit> differences = candidate.front();
  for (size_t i = 0; i < differences.size(); ++i) {
    const auto at = [&](const Runs& runs) {
      double sum = 0;
      for (const auto& run : runs) sum += run[i].sum;
      return sum / static_cast<double>(runs.size());
    };
    differences[i].sum = at(candidate) - at(baseline);
  }
  return differences;
}

/// The variance of a weighted mean over units (a ratio: Cochran 1977, section 6.4).
double variance_of_mean(std::span<const Unit> units) {
  const double middle = weighted_mean(units);
  double squares = 0, weight = 0;
  for (const Unit& unit : units) {
    const double residual = unit.sum - middle * unit.weight;
    squares += residual * residual;
    weight += unit.weight;
  }
  const auto n = static_cast<double>(units.size());
  return n / (n - 1) * squares / (weight * weight);
}

VarianceParts parts_of(const Runs& candidate, const Runs& baseline) {
  const auto of_seeds = [](const Runs& runs) {
    return variance(means_of(runs)) / static_cast<double>(runs.size());
  };
  return {variance_of_mean(mean_differences(candidate, baseline)), of_seeds(candidate),
          of_seeds(baseline)};
}

double freedom_of(const VarianceParts& parts, const Runs& candidate, const Runs& baseline) {
  const auto term = [](double part, size_t count) {
    return part * part / static_cast<double>(count - 1);
  };
  const double divisor = term(parts.documents, candidate.front().size()) +
                         term(parts.candidate_seeds, candidate.size()) +
                         term(parts.baseline_seeds, baseline.size());
  return divisor > 0 ? parts.total() * parts.total() / divisor : 1;
}

double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

/// The weighted mean of units drawn with replacement.
double drawn_mean(std::span<const Unit> units, Random& random, Watch& watch) {
  double sum = 0, weight = 0;
  for (size_t i = 0; i < units.size(); ++i) {
    watch.spend(1);
    const auto& unit = units[static_cast<size_t>(random.below(static_cast<int64_t>(units.size())))];
    sum += unit.sum;
    weight += unit.weight;
  }
  return sum / weight;
}

/// Differences of documents drawn anew, each with its share of the seeds' luck: sorted.
std::vector<double> resampled(std::span<const Unit> units, const VarianceParts& parts,
                              const MultiBootstrapSettings& settings) {
  Random random(settings.seed);
  const auto n = static_cast<double>(units.size());
  const double middle = weighted_mean(units), widening = std::sqrt(n / (n - 1));
  const double luck = std::sqrt(parts.candidate_seeds + parts.baseline_seeds);
  std::vector<double> draws(static_cast<size_t>(settings.resamples));
  Watch watch(settings.check, Watch::random_draws);
  for (double& draw : draws) {
    draw = middle + widening * (drawn_mean(units, random, watch) - middle) + luck * normal(random);
  }
  std::ranges::sort(draws);
  return draws;
}

}  // namespace

RunDifference compare_runs(const Runs& candidate, const Runs& baseline,
                           const MultiBootstrapSettings& settings) {
  check(candidate, baseline);
  RunDifference result;
  result.difference = mean(means_of(candidate)) - mean(means_of(baseline));
  result.variance = parts_of(candidate, baseline);
  result.freedom = freedom_of(result.variance, candidate, baseline);
  const double deviation = std::sqrt(result.variance.total());
  if (deviation == 0) {
    result.interval = {result.difference, result.difference};
    result.p = result.difference == 0 ? 1 : 0;
    return result;
  }
  result.p = 2 * evaluation::student_cdf(-std::abs(result.difference) / deviation, result.freedom);
  const double t = evaluation::student_quantile((1 + settings.level) / 2, result.freedom);
  const double tail = evaluation::normal_cdf(-t);
  const auto draws = resampled(mean_differences(candidate, baseline), result.variance, settings);
  result.interval = {evaluation::quantile(draws, tail), evaluation::quantile(draws, 1 - tail)};
  return result;
}

}  // namespace locus
