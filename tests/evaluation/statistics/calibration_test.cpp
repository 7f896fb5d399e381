// Intervals must hold what they promise: simulated documents whose true difference is known.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "evaluation/statistics.hpp"

namespace locus {
namespace {

constexpr int simulations = 500;
constexpr int units = 32;

double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Documents of 100 to 1,000 tokens; differences of their means scatter about `truth`, with a tail
/// to one side as losses have.
std::vector<Unit> simulated_differences(double truth, Random& random) {
  std::vector<Unit> differences;
  for (int i = 0; i < units; ++i) {
    const double weight = 100 + static_cast<double>(random.below(900));
    const double tail = (std::exp(0.5 * normal(random)) - std::exp(0.125)) * 0.05;
    const double noise = 0.05 * normal(random) + tail;
    differences.push_back({(truth + noise) * weight, weight});
  }
  return differences;
}

std::vector<Unit> with_difference(const std::vector<Unit>& baseline,
                                  const std::vector<Unit>& differences) {
  std::vector<Unit> candidate = baseline;
  for (size_t i = 0; i < candidate.size(); ++i) candidate[i].sum += differences[i].sum;
  return candidate;
}

TEST_CASE("bootstrap intervals cover a known difference 93 to 97 percent of the time") {
  for (const IntervalMethod method : {IntervalMethod::expanded_percentile, IntervalMethod::bca}) {
    Random random(11);
    int covered = 0;
    for (int run = 0; run < simulations; ++run) {
      const auto differences = simulated_differences(0.02, random);
      const Interval interval =
          bootstrap(differences, {.method = method, .resamples = 1000, .seed = random.bits()});
      covered += interval.low <= 0.02 && 0.02 <= interval.high ? 1 : 0;
    }
    CAPTURE(static_cast<int>(method));
    CHECK(covered >= 0.93 * simulations);
    CHECK(covered <= 0.97 * simulations);
  }
}

TEST_CASE("at most 7 percent of pairs without a difference are called different") {
  Random random(12);
  int called = 0;
  for (int run = 0; run < simulations; ++run) {
    const auto differences = simulated_differences(0, random);
    std::vector<Unit> baseline = differences;
    for (Unit& unit : baseline) unit.sum = 4 * unit.weight;
    const std::vector<std::vector<Unit>> candidates{with_difference(baseline, differences)};
    ComparisonSettings settings;
    settings.bootstrap = {.resamples = 1000, .seed = random.bits()};
    settings.sign_flip = {.permutations = 1000, .seed = random.bits()};
    const Verdict verdict = compare(candidates, baseline, settings)[0].verdict;
    called += verdict == Verdict::better || verdict == Verdict::worse ? 1 : 0;
  }
  CHECK(called <= 0.07 * simulations);
  CHECK(called >= 0.02 * simulations);  // a test that never speaks would pass as well
}

}  // namespace
}  // namespace locus
