// Do sinusoids lose resolution on long texts?
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tools/claims/measures.hpp"
#include "tools/claims/sinusoid_rows.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli::claims {
namespace {

enum ResolutionLabel : size_t { wavelength, neighbours, last_neighbours, nearest };

constexpr int64_t searched_positions = 60'000;  // beyond the longest wavelength
constexpr int64_t part_of_search = 1'000;
constexpr double step_of_curve = 1.05;
constexpr double distance_rounding = 1e-4;  // of distances, as a share

double distance_of(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
  return std::sqrt(sum);
}

/// The least distance of rows 1, 2, ... from row 0, in steps of distance in positions. That of two
/// rows depends on how far apart they are alone (the next claim), so that no other two are nearer.
std::vector<DrawnPoint> min_distances() {
  const Tensor origin = rows_of_scheme("sinusoidal", 0, 1);
  std::vector<DrawnPoint> min;
  double next = 1;
  for (int64_t first = 0; first < searched_positions; first += part_of_search) {
    check_interruption();
    const Tensor rows = rows_of_scheme("sinusoidal", first, part_of_search);
    for (int64_t row = first == 0 ? 1 : 0; row < part_of_search; ++row) {
      const auto apart = static_cast<double>(first + row);
      const double found = distance_of(origin.view().row(0), rows.view().row(row));
      if (apart >= next) {
        min.push_back({apart, found});
        next = std::max(next + 1, next * step_of_curve);
      } else {
        min.back().y = std::min(min.back().y, found);
      }
    }
  }
  return min;
}

double distance_of_neighbours(int64_t position) {
  const Tensor rows = rows_of_scheme("sinusoidal", position, 2);
  return distance_of(rows.view().row(0), rows.view().row(1));
}

}  // namespace

Findings measure_resolution(Bench&) {
  const double first = distance_of_neighbours(0),
               last = distance_of_neighbours(searched_positions - 2);
  std::vector<DrawnPoint> curve = min_distances();
  const double min = std::ranges::min(curve, {}, &DrawnPoint::y).y;
  const auto smaller = [&](double value) {
    return value < first * (1 - distance_rounding) ? Support::confirms : Support::contradicts;
  };
  const double longest = 2 * std::numbers::pi / angles_of_scheme("sinusoidal").back();
  return {{{wavelength, "", longest},
           {neighbours, "", first},
           {last_neighbours, "", last, smaller(last)},
           {nearest, "", min, smaller(min)}},
          0,
          {},
          std::move(curve)};
}

}  // namespace locus::cli::claims
