#include "evaluation/statistics.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"
#include "evaluation/letters.hpp"
#include "evaluation/multi_bootstrap.hpp"
#include "evaluation/statistics/distributions.hpp"

namespace locus {
namespace {

std::vector<Unit> of_weight_one(const std::vector<double>& sums) {
  std::vector<Unit> units;
  for (const double sum : sums) units.push_back({sum, 1});
  return units;
}

// Numbers of SciPy 1.17.1 (scipy.stats.t.ppf, norm.ppf, norm.cdf).
TEST_CASE("quantiles of the normal and of Student's distribution are SciPy's") {
  CHECK(evaluation::student_quantile(0.975, 31) ==
        doctest::Approx(2.039513446396408).epsilon(1e-10));
  CHECK(evaluation::student_quantile(0.975, 1) ==
        doctest::Approx(12.706204736174694).epsilon(1e-9));
  CHECK(evaluation::student_quantile(0.975, 4) ==
        doctest::Approx(2.7764451051977934).epsilon(1e-10));
  CHECK(evaluation::student_quantile(0.95, 11) ==
        doctest::Approx(1.7958848187040433).epsilon(1e-10));
  CHECK(evaluation::student_quantile(0.995, 2) == doctest::Approx(9.924843200918287).epsilon(1e-9));
  CHECK(evaluation::normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-10));
  CHECK(evaluation::normal_quantile(0.001) == doctest::Approx(-3.090232306167813).epsilon(1e-10));
  CHECK(evaluation::normal_cdf(-1.3) == doctest::Approx(0.09680048458561036).epsilon(1e-12));
}

TEST_CASE("a mean is weighted by tokens: a short document counts for what it is") {
  CHECK(weighted_mean(std::vector<Unit>{{10, 4}, {2, 1}}) == doctest::Approx(12.0 / 5));
  CHECK_THROWS_WITH_AS(weighted_mean({}), "statistics: expected at least one unit, found none",
                       Error);
  CHECK_THROWS_WITH_AS(weighted_mean(std::vector<Unit>{{1, 0}}),
                       "statistics: expected positive weights, found 0.000000", Error);
}

// scipy.stats.bootstrap((s, w), lambda s, w, axis: s.sum(axis) / w.sum(axis), paired=True,
//                       n_resamples=1000000, method=..., rng=7).confidence_interval
TEST_CASE("bootstrap intervals of a weighted mean are SciPy's") {
  const std::vector<Unit> units{{3.1, 2}, {5.2, 3}, {2.4, 1},  {8.8, 4}, {4.4, 2},
                                {6.1, 3}, {3.9, 2}, {12.5, 5}, {7.2, 4}, {5.0, 2}};
  BootstrapSettings settings{IntervalMethod::percentile, 200000, 0.95, 1};
  const Interval percentile = bootstrap(units, settings);
  CHECK(percentile.low == doctest::Approx(1.8840).epsilon(0.0025));
  CHECK(percentile.high == doctest::Approx(2.2939).epsilon(0.0025));
  settings.method = IntervalMethod::bca;
  const Interval bca = bootstrap(units, settings);
  CHECK(bca.low == doctest::Approx(1.9033).epsilon(0.0025));
  CHECK(bca.high == doctest::Approx(2.3152).epsilon(0.0025));
  settings.method = IntervalMethod::expanded_percentile;
  const Interval expanded = bootstrap(units, settings);
  CHECK(expanded.low < percentile.low);
  CHECK(expanded.high > percentile.high);
}

TEST_CASE("a bootstrap is the same for the same seed and another for another") {
  const auto units = of_weight_one({1, 2, 4, 8, 16, 32, 64, 128});
  CHECK(bootstrap(units, {.seed = 3}) == bootstrap(units, {.seed = 3}));
  CHECK(bootstrap(units, {.seed = 3}) != bootstrap(units, {.seed = 4}));
}

TEST_CASE("statistics of many units may be ended while they are drawn") {
  std::vector<double> sums(1000, 1.0);
  sums.front() = -1;
  const auto units = of_weight_one(sums);
  int asked = 0;
  const auto count = [&asked] { ++asked; };
  CHECK(bootstrap(units, {.seed = 3, .check = count}) == bootstrap(units, {.seed = 3}));
  CHECK(asked > 10);
  const auto end = [] { throw Error::cancellation(); };
  CHECK_THROWS_AS(bootstrap(units, {.check = end}), Error);
  CHECK_THROWS_AS(sign_flip_test(units, {.check = end}), Error);
  const Runs runs{units, of_weight_one(std::vector<double>(1000, 2.0))};
  CHECK_THROWS_AS(compare_runs(runs, {units, units}, {.check = end}), Error);
}

TEST_CASE("random numbers are those of the standard's generator, on every machine") {
  Random random(5489);  // the standard gives the 10,000th value of this seed
  for (int i = 1; i < 10000; ++i) random.bits();
  CHECK(random.bits() == 9981545732273789042u);
}

TEST_CASE("equal units give an interval of no width, a single unit one without end") {
  const Interval equal = bootstrap(of_weight_one({2, 2, 2, 2}));
  CHECK(equal.low == 2);
  CHECK(equal.high == 2);
  const Interval single = bootstrap(of_weight_one({2}));
  CHECK(single.low == -std::numeric_limits<double>::infinity());
  CHECK(single.high == std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH_AS(bootstrap(of_weight_one({1, 2}), {.level = 1}),
                       "bootstrap: expected a level between 0 and 1, found 1.000000", Error);
}

// scipy.stats.sem(v); scipy.stats.t.interval(.95, 4, loc=v.mean(), scale=sem)
TEST_CASE("the standard error of independent values and its interval are SciPy's") {
  const std::vector<double> values{2.1, 3.3, 1.2, 4.8, 2.9};
  CHECK(standard_error(values) == doctest::Approx(0.6038211655780211).epsilon(1e-12));
  const Interval interval = independent_interval(values);
  CHECK(interval.low == doctest::Approx(1.1835236804160771).epsilon(1e-9));
  CHECK(interval.high == doctest::Approx(4.536476319583923).epsilon(1e-9));
}

// numpy: squares about the two means / 3; scipy.stats.t.ppf(.975, 3) * sqrt(2) * s
TEST_CASE("what a seed moves is pooled over models, and models of one run say nothing") {
  const std::vector<std::vector<double>> runs{{2.36, 2.37, 2.35}, {2.44, 2.46}, {1.0}};
  const SeedSpread spread = seed_spread(runs);
  CHECK(spread.freedom == 3);
  CHECK(spread.deviation == doctest::Approx(0.011547005383792526).epsilon(1e-9));
  CHECK(spread.min_difference == doctest::Approx(0.05196913054500448).epsilon(1e-9));
  CHECK_THROWS_AS(seed_spread(std::vector<std::vector<double>>{{1.0}, {2.0}}), Error);
}

TEST_CASE("paired differences are candidate less baseline, of the same text only") {
  const std::vector<Unit> candidate{{5, 2}, {9, 3}}, baseline{{4, 2}, {11, 3}};
  CHECK(paired_differences(candidate, baseline) == std::vector<Unit>{{1, 2}, {-2, 3}});
  CHECK_THROWS_AS(paired_differences(candidate, std::vector<Unit>{{4, 2}}), Error);
  CHECK_THROWS_WITH_AS(
      paired_differences(candidate, std::vector<Unit>{{4, 2}, {11, 4}}),
      "paired differences, unit 1: expected weight 4.000000, that of the same text, found 3.000000",
      Error);
}

// scipy.stats.permutation_test((d,), np.sum, permutation_type='samples', n_resamples=np.inf)
TEST_CASE("the sign-flip test is exact for few units and equals SciPy's") {
  CHECK(sign_flip_test(of_weight_one({1, 2, 3})) == doctest::Approx(2.0 / 8));
  CHECK(sign_flip_test(of_weight_one({1, -2, 3})) == doctest::Approx(6.0 / 8));
  const auto ten = of_weight_one({0.31, -0.12, 0.45, 0.22, -0.05, 0.38, 0.17, -0.29, 0.51, 0.08});
  CHECK(sign_flip_test(ten) == doctest::Approx(0.080078125).epsilon(1e-12));
}

// The same in SciPy for d = sin(1.7 i + 1) / 2 + 0.12, i = 0 ... 19, all 2^20 assignments; of 32 in
// NumPy, by searching the sorted sums of one half for what those of the other lack.
TEST_CASE("the sign-flip test is exact for up to 36 units and drawn for more") {
  const auto waves = [](int count) {
    std::vector<double> sums;
    for (int i = 0; i < count; ++i) sums.push_back(std::sin(i * 1.7 + 1) * 0.5 + 0.12);
    return of_weight_one(sums);
  };
  CHECK(sign_flip_test(waves(20)) == doctest::Approx(0.07999992370605469).epsilon(1e-12));
  CHECK(sign_flip_test(waves(32)) == doctest::Approx(0.04219379089772701).epsilon(1e-12));
  CHECK(min_sign_flip_p(36) == 0);
  CHECK(sign_flip_test(waves(40), {200000, 5}) == doctest::Approx(0.026).epsilon(0.1));
  CHECK(sign_flip_test(waves(40), {1000, 5}) == sign_flip_test(waves(40), {1000, 5}));
  CHECK(min_sign_flip_p(37, {1000, 5}) == 1.0 / 1001);
  CHECK(sign_flip_test(of_weight_one(std::vector<double>(37, 1.0)), {1000, 5}) == 1.0 / 1001);
}

// By hand: what differs is named by number, and the letters follow (Piepho 2004).
TEST_CASE("two items share a letter if and only if they were not found to differ") {
  const auto letters_of = [](size_t count, std::vector<std::pair<size_t, size_t>> pairs) {
    return compact_letters(
        count, [&](size_t a, size_t b) { return std::ranges::count(pairs, std::pair(a, b)) > 0; });
  };
  using Letters = std::vector<std::string>;
  CHECK(letters_of(5, {{0, 3}, {0, 4}, {1, 4}}) == Letters{"a", "ab", "abc", "bc", "c"});
  CHECK(letters_of(3, {}) == Letters{"a", "a", "a"});
  CHECK(letters_of(3, {{0, 1}, {0, 2}, {1, 2}}) == Letters{"a", "b", "c"});
  CHECK(letters_of(4, {{0, 2}, {1, 3}}) == Letters{"ab", "ac", "cd", "bd"});
  CHECK(letters_of(1, {}) == Letters{"a"});
  Random random(11);
  for (int run = 0; run < 50; ++run) {
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t a = 0; a < 8; ++a) {
      for (size_t b = a + 1; b < 8; ++b) {
        if (random.uniform() < 0.4) pairs.emplace_back(a, b);
      }
    }
    const auto letters = letters_of(8, pairs);
    for (size_t a = 0; a < 8; ++a) {
      for (size_t b = a + 1; b < 8; ++b) {
        const bool shared = letters[a].find_first_of(letters[b]) != std::string::npos;
        CHECK(shared != (std::ranges::count(pairs, std::pair(a, b)) > 0));
      }
    }
  }
}

TEST_CASE("no difference at all has p = 1, and p cannot fall below 2 / 2^n") {
  CHECK(sign_flip_test(of_weight_one(std::vector<double>(8, 0.0))) == 1);
  CHECK(sign_flip_test(of_weight_one(std::vector<double>(30, 0.0))) == 1);
  CHECK(sign_flip_test(of_weight_one(std::vector<double>(11, 1.0))) == 2.0 / 2048);
}

TEST_CASE("Holm's correction, by hand") {
  // 4 x 0.01, 3 x 0.02, max(0.06, 2 x 0.025), 1 x 0.5
  const std::vector<double> adjusted = holm(std::vector<double>{0.5, 0.01, 0.025, 0.02});
  CHECK(adjusted[1] == doctest::Approx(0.04));
  CHECK(adjusted[3] == doctest::Approx(0.06));
  CHECK(adjusted[2] == doctest::Approx(0.06));
  CHECK(adjusted[0] == doctest::Approx(0.5));
  CHECK(holm(std::vector<double>{0.9, 0.8}) == std::vector<double>{1, 1});
}

// A noise that both models share, and a difference of its own for each document.
std::vector<Unit> documents(double shift, double spread, uint64_t seed, int count = 20) {
  Random shared(7), own(seed);
  std::vector<Unit> units;
  for (int i = 0; i < count; ++i) {
    const double weight = 100 + static_cast<double>(shared.below(300));
    const double mean = 4 + shared.uniform() + shift + spread * (own.uniform() - 0.5);
    units.push_back({mean * weight, weight});
  }
  return units;
}

TEST_CASE("verdicts say better, worse, equivalent or undecided") {
  const auto baseline = documents(0, 0, 1);
  const std::vector<std::vector<Unit>> candidates{documents(-0.1, 0.1, 2), documents(0.1, 0.1, 3),
                                                  documents(0, 0.001, 4), documents(0, 0.3, 5),
                                                  baseline};
  const auto found = compare(candidates, baseline);
  CHECK(to_string(found[0].verdict) == "better");
  CHECK(to_string(found[1].verdict) == "worse");
  CHECK(to_string(found[2].verdict) == "equivalent");
  CHECK(to_string(found[3].verdict) == "undecided");
  CHECK(to_string(found[4].verdict) == "equivalent");
  CHECK(found[4].difference == 0);
  CHECK(found[0].difference == doctest::Approx(-0.1).epsilon(0.2));
  CHECK(found[0].adjusted_p >= found[0].p);
}

TEST_CASE("with fewer than 12 units and several comparisons nothing is called different") {
  const auto baseline = documents(0, 0, 1, 11);
  const std::vector<std::vector<Unit>> candidates{documents(-1, 0.1, 2, 11),
                                                  documents(1, 0.1, 3, 11)};
  for (const Comparison& comparison : compare(candidates, baseline)) {
    CHECK(to_string(comparison.verdict) == "too few units");
  }
  CHECK(compare({candidates.data(), 1}, baseline)[0].verdict == Verdict::better);
  const std::vector<std::vector<Unit>> five{documents(-1, 0.1, 2, 5)};
  CHECK(compare(five, documents(0, 0, 1, 5))[0].verdict == Verdict::too_few_units);
}

}  // namespace
}  // namespace locus
