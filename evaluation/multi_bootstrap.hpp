// Differences between recipes rather than between files: documents and seeds are both drawn anew.
//
// The Multi-Bootstrap of Sellam et al. 2022 (section 3.2, unpaired seeds): the units are paired,
// since all runs read the same texts; the runs of two recipes are not.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "statistics.hpp"

namespace locus {

/// Units scored by each run of one recipe; the runs differ in their seed alone. [runs][units]
using Runs = std::vector<std::vector<Unit>>;

/// What the variance of a difference is made of. [squares of the units' measure]
struct VarianceParts {
  double documents = 0;
  double candidate_seeds = 0;
  double baseline_seeds = 0;
  double total() const { return documents + candidate_seeds + baseline_seeds; }
};

struct MultiBootstrapSettings {
  int64_t resamples = 10000;
  double level = 0.95;
  uint64_t seed = 0;
  std::function<void()> check = {};  ///< asked every few milliseconds; throws to end the work
};

/// A difference of means over runs, candidate - baseline.
struct RunDifference {
  double difference = 0;
  Interval interval;
  double p = 1;  ///< two-sided, of no difference
  VarianceParts variance;
  double freedom = 0;  ///< degrees of freedom of the variance (Satterthwaite 1946)
};

/// Units are drawn anew with replacement. Three runs have no quantiles of their own, and drawing
/// them with replacement would lose a third of their variance, so the seeds' part of each draw is
/// normal with the unbiased variance of the runs' means. The quantiles taken are those that
/// Student's t asks for with Satterthwaite's degrees of freedom; p is of the same t. Throws Error
/// for fewer than two runs of a recipe, fewer than two units, and units that differ in number or
/// weight.
RunDifference compare_runs(const Runs& candidate, const Runs& baseline,
                           const MultiBootstrapSettings& settings = {});

}  // namespace locus
