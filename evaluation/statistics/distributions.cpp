#include "evaluation/statistics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>

namespace locus::evaluation {
namespace {

/// Finds x with cdf(x) = p by halving; `cdf` rises.
template <typename Function>
double invert(const Function& cdf, double p, double bound) {
  double low = -bound, high = bound;
  for (int step = 0; step < 200 && high - low > 1e-14 * bound; ++step) {
    const double middle = (low + high) / 2;
    (cdf(middle) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Lentz's method for the continued fraction of the incomplete beta function (Abramowitz and Stegun
// 26.5.8).
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  double c = 1;
  double d = 1 / std::max(tiny, 1 - (a + b) * x / (a + 1));
  double product = d;
  for (int m = 1; m <= 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double term : {even, odd}) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      product *= c * d;
    }
    if (std::abs(c * d - 1) < 1e-16) break;
  }
  return product;
}

double regularized_beta(double a, double b, double x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularized_beta(b, a, 1 - x);
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  return front / a * beta_fraction(a, b, x);
}

}  // namespace

double normal_cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

double normal_quantile(double p) { return invert(normal_cdf, p, 40); }

double student_cdf(double t, double freedom) {
  const double tail = regularized_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  return t > 0 ? 1 - tail : tail;
}

double student_quantile(double p, double freedom) {
  // Few degrees of freedom have long tails.
  return invert([&](double t) { return student_cdf(t, freedom); }, p, freedom < 3 ? 1e6 : 1e3);
}

}  // namespace locus::evaluation
