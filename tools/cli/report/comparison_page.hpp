// The comparison as a page.
#pragma once

#include "tools/cli/report/page.hpp"
#include "tools/cli/report/words.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// Bits per byte of each model's runs from several seeds; none where there are none.
std::vector<Chart> seed_charts(const CompareResult& result, const ReportWords& words);
/// Loss by position in the window; none where no model has such a curve.
std::vector<Chart> position_charts(const CompareResult& result, const ReportWords& words);
/// Perplexity against the length of the window.
std::vector<Chart> length_charts(const CompareResult& result, const ReportWords& words);
/// Perplexity of the long texts in windows that do not overlap.
std::vector<Chart> disjoint_charts(const CompareResult& result, const ReportWords& words);
/// The picture of each model's encoding.
std::vector<Chart> encoding_charts(const CompareResult& result, const ReportWords& words);

/// The whole comparison, from the verdict to the hashes.
std::string comparison_page(const CompareResult& result, const CompareOptions& options);

}  // namespace locus::cli
