#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/watch.hpp"
#include "evaluation/statistics.hpp"
#include "evaluation/statistics/distributions.hpp"
#include "evaluation/statistics/quantile.hpp"

namespace locus {
namespace {

struct Levels {
  double low = 0;
  double high = 0;
};

double ratio(double sum, double weight) { return sum / weight; }

std::vector<double> resampled_means(std::span<const Unit> units,
                                    const BootstrapSettings& settings) {
  Random random(settings.seed);
  const auto count = static_cast<int64_t>(units.size());
  std::vector<double> means(static_cast<size_t>(settings.resamples));
  Watch watch(settings.check, Watch::random_draws);
  for (double& mean : means) {
    double sum = 0, weight = 0;
    for (int64_t i = 0; i < count; ++i) {
      watch.spend(1);
      const Unit& unit = units[static_cast<size_t>(random.below(count))];
      sum += unit.sum;
      weight += unit.weight;
    }
    mean = ratio(sum, weight);
  }
  std::sort(means.begin(), means.end());
  return means;
}

Levels expanded_levels(size_t units, double level) {
  const auto n = static_cast<double>(units);
  const double t = evaluation::student_quantile((1 + level) / 2, n - 1);
  const double tail = evaluation::normal_cdf(-std::sqrt(n / (n - 1)) * t);
  return {tail, 1 - tail};
}

/// Skewness of the leave-one-out means (Efron 1987, section 6).
double acceleration(std::span<const Unit> units) {
  double sum = 0, weight = 0;
  for (const Unit& unit : units) {
    sum += unit.sum;
    weight += unit.weight;
  }
  std::vector<double> left_out;
  for (const Unit& unit : units) left_out.push_back(ratio(sum - unit.sum, weight - unit.weight));
  const double mean =
      std::accumulate(left_out.begin(), left_out.end(), 0.0) / static_cast<double>(left_out.size());
  double squares = 0, cubes = 0;
  for (const double value : left_out) {
    squares += (mean - value) * (mean - value);
    cubes += (mean - value) * (mean - value) * (mean - value);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

Levels bca_levels(std::span<const Unit> units, std::span<const double> means, double level) {
  const double seen = weighted_mean(units);
  const auto [first, last] = std::equal_range(means.begin(), means.end(), seen);
  const double below = static_cast<double>(first - means.begin());
  const double share =
      (below + static_cast<double>(last - first) / 2) / static_cast<double>(means.size());
  const double bias = evaluation::normal_quantile(share);
  const double skew = acceleration(units);
  const auto corrected = [&](double z) {
    return evaluation::normal_cdf(bias + (bias + z) / (1 - skew * (bias + z)));
  };
  const double z = evaluation::normal_quantile((1 + level) / 2);
  return {corrected(-z), corrected(z)};
}

Levels quantile_levels(std::span<const Unit> units, std::span<const double> means,
                       const BootstrapSettings& settings) {
  switch (settings.method) {
    case IntervalMethod::percentile:
      break;
    case IntervalMethod::expanded_percentile:
      return expanded_levels(units.size(), settings.level);
    case IntervalMethod::bca:
      return bca_levels(units, means, settings.level);
  }
  return {(1 - settings.level) / 2, (1 + settings.level) / 2};
}

void check(const BootstrapSettings& settings) {
  if (!(settings.level > 0 && settings.level < 1)) {
    throw Error("bootstrap", "a level between 0 and 1", std::to_string(settings.level));
  }
  if (settings.resamples < 1) {
    throw Error("bootstrap", "at least one resample", std::to_string(settings.resamples));
  }
}

}  // namespace

Interval bootstrap(std::span<const Unit> units, const BootstrapSettings& settings) {
  check(settings);
  weighted_mean(units);  // checks the units
  if (units.size() == 1) {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }
  const std::vector<double> means = resampled_means(units, settings);
  if (means.front() == means.back()) return {means.front(), means.front()};
  const Levels levels = quantile_levels(units, means, settings);
  return {evaluation::quantile(means, levels.low), evaluation::quantile(means, levels.high)};
}

double standard_error(std::span<const double> values) {
  if (values.size() < 2) {
    throw Error("standard error", "at least 2 values", std::to_string(values.size()));
  }
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1) / n);
}

Interval independent_interval(std::span<const double> values, double level) {
  const double error = standard_error(values);
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  const double reach = evaluation::student_quantile((1 + level) / 2, n - 1) * error;
  return {mean - reach, mean + reach};
}

SeedSpread seed_spread(std::span<const std::vector<double>> runs, double level) {
  SeedSpread spread;
  double squares = 0;
  for (const std::vector<double>& values : runs) {
    if (values.size() < 2) continue;
    const auto n = static_cast<double>(values.size());
    const double error = standard_error(values);
    squares += error * error * n * (n - 1);
    spread.freedom += n - 1;
  }
  if (spread.freedom == 0) throw Error("seed spread", "a model with two runs", "none");
  spread.deviation = std::sqrt(squares / spread.freedom);
  spread.min_difference = evaluation::student_quantile((1 + level) / 2, spread.freedom) *
                          std::numbers::sqrt2 * spread.deviation;
  return spread;
}

}  // namespace locus
