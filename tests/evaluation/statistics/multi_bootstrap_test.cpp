#include "evaluation/multi_bootstrap.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/random.hpp"

namespace locus {
namespace {

constexpr int comparisons = 500;

double gaussian(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

struct World {
  double truth = 0;      ///< how much a candidate's recipe is above the baseline's
  double seeds = 0;      ///< deviation of a run from its recipe
  double documents = 0;  ///< deviation of a document's own difference between the recipes
  int units = 24;
  int runs = 3;
};

/// Runs of a candidate and a baseline on the same documents of 100 to 1,000 tokens, which are hard
/// or easy for both.
std::pair<Runs, Runs> simulated(const World& world, Random& random) {
  std::vector<double> weights, hardness, own;
  for (int i = 0; i < world.units; ++i) {
    weights.push_back(100 + static_cast<double>(random.below(900)));
    hardness.push_back(2 + 0.5 * gaussian(random));
    own.push_back(world.truth + world.documents * gaussian(random));
  }
  const auto runs = [&](bool candidate) {
    Runs list;
    for (int run = 0; run < world.runs; ++run) {
      const double luck = world.seeds * gaussian(random);
      auto& units = list.emplace_back();
      for (size_t i = 0; i < weights.size(); ++i) {
        const double mean =
            hardness[i] + luck + (candidate ? own[i] : 0) + 0.005 * gaussian(random);
        units.push_back({mean * weights[i], weights[i]});
      }
    }
    return list;
  };
  Runs candidate = runs(true);
  return {std::move(candidate), runs(false)};
}

const std::vector<World> worlds{{.seeds = 0.01, .documents = 0.02},
                                {.seeds = 0.02, .documents = 0.01},
                                {.seeds = 0.002, .documents = 0.05},
                                {.seeds = 0.01, .documents = 0.05, .units = 48, .runs = 5}};

TEST_CASE(
    "intervals over documents and seeds cover a known difference 93 to 97 percent of the time") {
  for (World world : worlds) {
    world.truth = 0.03;
    CAPTURE(world.seeds);
    CAPTURE(world.documents);
    Random random(21);
    int covered = 0;
    for (int run = 0; run < comparisons; ++run) {
      const auto [candidate, baseline] = simulated(world, random);
      const Interval interval =
          compare_runs(candidate, baseline, {.resamples = 4000, .seed = random.bits()}).interval;
      covered += interval.low <= world.truth && world.truth <= interval.high ? 1 : 0;
    }
    CHECK(covered >= 0.93 * comparisons);
    CHECK(covered <= 0.97 * comparisons);
  }
}

TEST_CASE("recipes without a difference are called different in at most 7 percent") {
  for (const World& world : worlds) {
    CAPTURE(world.seeds);
    CAPTURE(world.documents);
    Random random(22);
    int called = 0;
    for (int run = 0; run < comparisons; ++run) {
      const auto [candidate, baseline] = simulated(world, random);
      called += compare_runs(candidate, baseline, {.resamples = 1}).p <= 0.05 ? 1 : 0;
    }
    CHECK(called <= 0.07 * comparisons);
  }
}

TEST_CASE("documents alone would call seeds' luck a difference of recipes") {
  Random random(23);
  int called = 0;
  for (int run = 0; run < 200; ++run) {
    const auto [candidate, baseline] = simulated({.seeds = 0.02, .documents = 0.005}, random);
    const auto differences = paired_differences(candidate.front(), baseline.front());
    called += sign_flip_test(differences, {.permutations = 200}) <= 0.05 ? 1 : 0;
  }
  CHECK(called > 100);
}

TEST_CASE("the variance of a difference is that of its documents and of either side's seeds") {
  const Runs candidate{{{3, 1}, {5, 1}}, {{5, 1}, {7, 1}}};  // run means 4 and 6
  const Runs baseline{{{1, 1}, {1, 1}}, {{2, 1}, {2, 1}}};   // 1 and 2
  const RunDifference found = compare_runs(candidate, baseline, {.resamples = 100});
  CHECK(found.difference == doctest::Approx(3.5));
  CHECK(found.variance.documents == doctest::Approx(1));  // differences 2.5 and 4.5
  CHECK(found.variance.candidate_seeds == doctest::Approx(1));
  CHECK(found.variance.baseline_seeds == doctest::Approx(0.25));
  // (1 + 1 + 1/4)^2 / (1 + 1 + 1/16), one degree of freedom each
  CHECK(found.freedom == doctest::Approx(5.0625 / 2.0625));
}

TEST_CASE("one run, one unit and other texts are refused") {
  const Runs two{{{1, 1}, {2, 1}}, {{1, 1}, {2, 1}}};
  const Runs one{two.front()};
  CHECK_THROWS_WITH_AS(compare_runs(one, two),
                       "multi-bootstrap: expected two runs or more of each recipe, found 1", Error);
  const Runs single{{{1, 1}}, {{1, 1}}};
  CHECK_THROWS_WITH_AS(compare_runs(single, single),
                       "multi-bootstrap: expected two units or more, found 1", Error);
  const Runs other{{{1, 1}, {2, 2}}, {{1, 1}, {2, 2}}};
  CHECK_THROWS_AS(compare_runs(two, other), Error);
}

}  // namespace
}  // namespace locus
