// Two rows of a comparison, each with one run or several.
#pragma once

#include "pipelines/comparison.hpp"

namespace locus::pipelines {

/// Why no verdict can be given of two rows, or `none`.
Obstacle obstacle_between(const ComparedModel& model, const ComparedModel& baseline);
Scope scope_between(const ComparedModel& model, const ComparedModel& baseline);

/// The difference with its interval and p, in bits per byte, without correction and verdict: over
/// documents and seeds where both sides have several runs, else over documents, of their first.
Comparison compare_rows(const ComparedModel& model, const ComparedModel& baseline, uint64_t seed);

/// Letters of the rows that compare with the baseline, and of the baseline, from all pairs among
/// them by Holm's correction; none where there are too few documents to find anything.
void add_letters(ComparedGroup& group, uint64_t seed);

}  // namespace locus::pipelines
