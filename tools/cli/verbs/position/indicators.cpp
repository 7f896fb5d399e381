#include "tools/cli/verbs/position/indicators.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace locus::cli {
namespace {

constexpr int64_t max_positions = 128;
constexpr double rounding = 1e-6;  // of a value of 1 in float32, some operations long

double square(double x) { return x * x; }

double mean_of(ConstView phi) {
  double sum = 0;
  for (int64_t i = 0; i < phi.size(0); ++i) {
    for (const float value : phi.row(i)) sum += value;
  }
  return sum / static_cast<double>(phi.size(0) * phi.size(1));
}

/// Sum of squared differences from `expected(i, j)`.
template <typename Expected>
double spread(ConstView phi, const Expected& expected) {
  double sum = 0;
  for (int64_t i = 0; i < phi.size(0); ++i) {
    for (int64_t j = 0; j < phi.size(1); ++j) sum += square(phi(i, j) - expected(i, j));
  }
  return sum;
}

/// Mean by distance j - i, from 1 - T on.
std::vector<double> means_by_distance(ConstView phi) {
  const int64_t length = phi.size(0);
  std::vector<double> means(static_cast<size_t>(2 * length - 1));
  for (int64_t i = 0; i < length; ++i) {
    for (int64_t j = 0; j < length; ++j) {
      means[static_cast<size_t>(length - 1 + j - i)] +=
          phi(i, j) / static_cast<double>(length - std::abs(j - i));
    }
  }
  return means;
}

/// 1 where `farther` is less, 1/2 where both are the same.
double falls(double nearer, double farther, double slack) {
  if (std::abs(nearer - farther) <= slack) return 0.5;
  return farther < nearer ? 1 : 0;
}

double monotonicity_of(ConstView phi, double slack) {
  const int64_t length = phi.size(0);
  double sum = 0;
  int64_t pairs = 0;
  for (int64_t i = 0; i < length; ++i) {
    for (const int64_t side : {-1, 1}) {
      const int64_t reach = side < 0 ? i : length - 1 - i;
      for (int64_t far = 1; far <= reach; ++far) {
        for (int64_t near = 0; near < far; ++near, ++pairs) {
          sum += falls(phi(i, i + side * near), phi(i, i + side * far), slack);
        }
      }
    }
  }
  return sum / static_cast<double>(pairs);
}

}  // namespace

std::optional<PositionIndicators> indicators_of(const PositionalEncoding& encoding, Probe probe) {
  probe.length = std::min(probe.length, max_positions);
  if (probe.length < 3) return std::nullopt;
  const Tensor matrix = proximity(encoding, probe);
  const ConstView phi = matrix.view();
  const double mean = mean_of(phi);
  const double all = spread(phi, [&](int64_t, int64_t) { return mean; });
  const double slack = rounding * std::max(1.0, std::abs(mean));
  if (all <= square(slack) * static_cast<double>(matrix.count())) return std::nullopt;
  const auto by_distance = means_by_distance(phi);
  const auto distance_mean = [&](int64_t i, int64_t j) {
    return by_distance[static_cast<size_t>(probe.length - 1 + j - i)];
  };
  const auto symmetric = [&](int64_t i, int64_t j) { return (phi(i, j) + phi(j, i)) / 2; };
  return PositionIndicators{1 - spread(phi, distance_mean) / all, monotonicity_of(phi, slack),
                            1 - spread(phi, symmetric) / all};
}

Json to_json(const std::optional<PositionIndicators>& indicators) {
  if (!indicators) return nullptr;
  return {{"translation_invariance", indicators->translation_invariance},
          {"monotonicity", indicators->monotonicity},
          {"symmetry", indicators->symmetry}};
}

std::string to_text(const std::optional<PositionIndicators>& indicators) {
  if (!indicators) return "";
  return "translation invariance " + fixed(indicators->translation_invariance, 3) +
         ", monotonicity " + fixed(indicators->monotonicity, 3) + ", symmetry " +
         fixed(indicators->symmetry, 3);
}

}  // namespace locus::cli
