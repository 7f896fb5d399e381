// Two rows of a comparison, each with one run or several.
#pragma once

#include "pipelines/comparison.hpp"

namespace locus::pipelines {

/// Why no verdict can be given of two rows, or `none`.
Obstacle obstacle_between(const ComparedModel& model, const ComparedModel& baseline);
Scope scope_between(const ComparedModel& model, const ComparedModel& baseline);

/// The difference with its interval and p, in bits per byte, without correction and verdict: over
/// documents and seeds where both sides have several runs, else over documents, of their first.
Comparison compare_rows(const ComparedModel& model, const ComparedModel& baseline,
                        const SignFlipSettings& settings);

/// Compares all pairs of the group's rows without an obstacle, the baseline among them, as one
/// family of tests. Gives the rows their comparison with the baseline, and letters, which two share
/// if and only if neither is better; none where there are too few documents to find anything.
void judge_pairs(ComparedGroup& group, const ComparedModel& baseline,
                 const JudgeSettings& settings);

}  // namespace locus::pipelines
