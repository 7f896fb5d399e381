// The comparison as one page that needs no network.
#pragma once

#include <string>

#include "tools/cli/compare/comparison.hpp"
#include "tools/cli/report/words.hpp"

namespace locus::cli {

/// A chart: its specification in Vega's language, how to read it, and the table behind it.
struct Chart {
  std::string title;
  std::string reading;  ///< one sentence
  Json specification;
  Json table;  ///< {"columns": [...], "rows": [[...]]}
};

/// Loss by position in the window; none where no model has such a curve.
std::vector<Chart> position_charts(const CompareResult& result, const ReportWords& words);
/// Perplexity against the length of the window.
std::vector<Chart> length_charts(const CompareResult& result, const ReportWords& words);
/// The picture of each model's encoding.
std::vector<Chart> encoding_charts(const CompareResult& result, const ReportWords& words);

/// A self-contained HTML page. A build without Vega's bundle gives tables without plots.
std::string report_page(const CompareResult& result, const CompareOptions& options);

}  // namespace locus::cli
