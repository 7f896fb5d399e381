#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/watch.hpp"
#include "evaluation/statistics.hpp"

namespace locus {
namespace {

constexpr size_t max_exact_units = 36;

/// The sums of all sign assignments, sorted: each value adds a copy of the list that is shifted up
/// and one that is shifted down, which merge.
std::vector<double> all_sums(std::span<const Unit> differences) {
  std::vector<double> sums{0}, next;
  for (const Unit& unit : differences) {
    const double step = std::abs(unit.sum);
    next.resize(2 * sums.size());
    size_t down = 0, up = 0;
    for (double& sum : next) {
      const bool lower = down < sums.size() && sums[down] - step <= sums[up] + step;
      sum = lower ? sums[down++] - step : sums[up++] + step;
    }
    sums.swap(next);
  }
  return sums;
}

/// Every sum of all signs is one of each half: for ascending sums of the one, those of the other
/// that reach far enough grow in number (Horowitz and Sahni 1974).
double exact(std::span<const Unit> differences, double seen) {
  const auto half = differences.size() / 2;
  const auto first = all_sums(differences.first(half)),
             second = all_sums(differences.subspan(half));
  double hits = 0;
  size_t reaching = second.size();
  for (const double sum : first) {
    while (reaching > 0 && sum + second[reaching - 1] >= seen) --reaching;
    hits += static_cast<double>(second.size() - reaching);
  }
  return 2 * hits / (static_cast<double>(first.size()) * static_cast<double>(second.size()));
}

double drawn(std::span<const Unit> differences, double seen, const SignFlipSettings& settings) {
  Random random(settings.seed);
  int64_t hits = 0;
  Watch watch(settings.check, Watch::random_draws);
  for (int64_t permutation = 0; permutation < settings.permutations; ++permutation) {
    double sum = 0;
    uint64_t bits = 0;
    for (size_t i = 0; i < differences.size(); ++i, bits >>= 1) {
      watch.spend(1);
      if (i % 64 == 0) bits = random.bits();
      sum += (bits & 1) ? differences[i].sum : -differences[i].sum;
    }
    hits += std::abs(sum) >= seen ? 1 : 0;
  }
  return static_cast<double>(1 + hits) / static_cast<double>(1 + settings.permutations);
}

}  // namespace

double sign_flip_test(std::span<const Unit> differences, const SignFlipSettings& settings) {
  if (differences.empty()) throw Error("sign-flip test", "at least one unit", "none");
  double sum = 0, size = 0;
  for (const Unit& unit : differences) sum += unit.sum, size += std::abs(unit.sum);
  // Sums that are equal but for the order of their terms must count as equal.
  const double seen = std::abs(sum) - 1e-12 * size;
  if (seen <= 0) return 1;
  if (differences.size() <= max_exact_units) return exact(differences, seen);
  return drawn(differences, seen, settings);
}

double min_sign_flip_p(size_t units, const SignFlipSettings& settings) {
  if (units <= max_exact_units) return 0;
  return 1 / static_cast<double>(1 + settings.permutations);
}

}  // namespace locus
