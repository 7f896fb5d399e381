// Quantiles of a sample.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace locus::evaluation {

/// Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
inline double quantile(std::span<const double> sorted, double level) {
  const double place = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = place - static_cast<double>(below);
  return sorted[below] * (1 - share) + sorted[above] * share;
}

}  // namespace locus::evaluation
