// The comparison as a page.
#pragma once

#include "tools/cli/report/notes.hpp"
#include "tools/cli/report/page.hpp"
#include "tools/cli/report/words.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// Differences from each group's baseline; none where nothing was compared.
std::vector<Chart> forest_charts(const CompareResult& result, const ReportWords& words);
/// Change of loss with the context, perplexity of windows that do not overlap, loss by position.
std::vector<Chart> length_charts(const CompareResult& result, const ReportWords& words);
/// Loss against tokens seen, of models whose training.json has the curve.
std::vector<Chart> training_charts(const CompareResult& result, const ReportWords& words);
/// The picture of each model's encoding.
std::vector<Chart> encoding_charts(const CompareResult& result, const ReportWords& words);

/// The first of these pictures as a file; empty where nothing was compared.
std::string comparison_figure(const CompareResult& result, const ReportWords& words);

/// The whole comparison, from the finding to the hashes.
std::string comparison_page(const CompareResult& result, const CompareOptions& options);

}  // namespace locus::cli
