// How sure a mean or a difference is: bootstrap, permutation test, Holm's correction, a verdict.
//
// The unit is the document (or a block of one): tokens of a text depend on each other, documents
// hardly do. Everything is deterministic for a seed, on any machine.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace locus {

/// A document's part of a weighted mean: `sum` (of nats, say) over `weight` (tokens).
struct Unit {
  double sum = 0;
  double weight = 0;
  bool operator==(const Unit&) const = default;
};

/// sum of sums / sum of weights. Throws Error for no units or a weight of 0 or less.
double weighted_mean(std::span<const Unit> units);

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

/// - `percentile`: quantiles of the resampled means (Efron 1979).
/// - `expanded_percentile`: the same at the levels Phi(-+ sqrt(n / (n - 1)) t(n - 1)), which makes
///   up for the narrowness of percentile intervals with few units (Hesterberg 2015, section 3.5).
/// - `bca`: bias-corrected and accelerated (Efron 1987).
enum class IntervalMethod { percentile, expanded_percentile, bca };

struct BootstrapSettings {
  IntervalMethod method = IntervalMethod::expanded_percentile;
  int64_t resamples = 10000;
  double level = 0.95;
  uint64_t seed = 0;
  std::function<void()> check = {};  ///< asked every few milliseconds; throws to end the work
};

/// Interval of the weighted mean when whole units are drawn with replacement. A single unit gives
/// [-infinity, infinity]. Throws Error for no units, levels outside (0, 1) and no resamples.
Interval bootstrap(std::span<const Unit> units, const BootstrapSettings& settings = {});

/// Standard error of a mean of independent values, sample deviation / sqrt(n), and the interval of
/// Student's t. For tokens it is too small: neighbours depend on each other. Throws Error for fewer
/// than 2 values.
double standard_error(std::span<const double> values);
Interval independent_interval(std::span<const double> values, double level = 0.95);

/// candidate - baseline, unit by unit. Throws Error when the units differ in number or weight: the
/// two did not score the same text.
std::vector<Unit> paired_differences(std::span<const Unit> candidate,
                                     std::span<const Unit> baseline);

struct SignFlipSettings {
  int64_t permutations = 10000;  ///< drawn when there are more than 2^36 of them
  uint64_t seed = 0;
  std::function<void()> check = {};  ///< asked every few milliseconds; throws to end the work
};

/// Two-sided p of the hypothesis that differences are symmetric about 0: the share of sign
/// assignments whose sum is at least as far from 0 as the one seen. Exact for up to 36 units, where
/// p >= 2 / 2^n; else (1 + hits) / (1 + permutations).
double sign_flip_test(std::span<const Unit> differences, const SignFlipSettings& settings = {});
/// The smallest p that `sign_flip_test` can give for so many units where it draws assignments; a p
/// that equals it is an upper bound. 0 where the test is exact.
double min_sign_flip_p(size_t units, const SignFlipSettings& settings = {});

/// Holm's step-down adjustment: p-values that may be held against the level of the family.
std::vector<double> holm(std::span<const double> p);

/// How far apart models of one recipe lie that differ in nothing but the seed of their training.
struct SeedSpread {
  double deviation = 0;       ///< of one run, pooled over the models
  double freedom = 0;         ///< degrees of freedom: runs - models
  double min_difference = 0;  ///< two runs of one model stay below it, with the level's chance
};

/// From the figures of each model's runs: s^2 = sum of squares about the models' means / freedom,
/// min_difference = t(freedom) sqrt(2) s. Models of one run say nothing. Throws Error where none
/// has two.
SeedSpread seed_spread(std::span<const std::vector<double>> runs, double level = 0.95);

/// What a comparison comes to; lower is better.
enum class Verdict { better, worse, equivalent, undecided, too_few_units };
/// `better`, `worse`, `equivalent`, `undecided`, `too few units`
std::string to_string(Verdict verdict);

struct ComparisonSettings {
  double level = 0.95;
  double margin = 0.005;  ///< differences within +-margin do not matter, in the units' measure
  double luck = 0;        ///< a difference that training seeds alone can make; 0: not known
  BootstrapSettings bootstrap = {};
  SignFlipSettings sign_flip = {};
};

/// A candidate against the baseline.
struct Comparison {
  double difference = 0;  ///< candidate - baseline, weighted mean
  Interval interval;      ///< of the difference
  double p = 1;           ///< sign-flip test, or Student's t over documents and seeds
  double min_p = 0;       ///< a p that equals it is an upper bound (`min_sign_flip_p`)
  double adjusted_p = 1;  ///< Holm over the family
  int64_t units = 0;
  Verdict verdict = Verdict::undecided;
};

/// A candidate against a baseline on the same units, without correction and verdict.
Comparison compare_pair(std::span<const Unit> candidate, std::span<const Unit> baseline,
                        const ComparisonSettings& settings = {});

/// The smallest number n of units with which a difference can be significant among so many
/// sign-flip tests: the smallest p, 2 / 2^n, times the tests must not exceed 1 - level. 6 for one
/// test at 0.95, at least 12 for several.
int64_t min_judged_units(size_t tests, double level = 0.95);

/// Holm's correction and verdicts of tests that are one family. A difference whose interval lies
/// within the margin, or within luck if it holds 0, is `equivalent`; else one whose adjusted p is
/// at most 1 - level and whose interval leaves out 0 is `better` or `worse`; else it is
/// `undecided`. With fewer than `min_judged_units` all are `too_few_units`.
void judge(std::span<Comparison> comparisons, const ComparisonSettings& settings = {});

/// Compares candidates with one baseline on the same units, and judges.
std::vector<Comparison> compare(std::span<const std::vector<Unit>> candidates,
                                std::span<const Unit> baseline,
                                const ComparisonSettings& settings = {});

}  // namespace locus
