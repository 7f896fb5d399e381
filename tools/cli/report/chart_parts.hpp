// What the charts of a comparison share.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/cli/report/comparison_page.hpp"

namespace locus::cli {

using Titles = std::vector<std::string_view>;

/// The table behind a chart.
inline Json chart_table(const Titles& columns, Json rows) {
  return {{"columns", columns}, {"rows", std::move(rows)}};
}

/// A title, and the group's metric in parentheses.
inline std::string metric_title(std::string_view title, const ComparedGroup& group,
                                const ReportWords& words) {
  return std::string(title) + " (" + metric_word(group.models.front().task, words) + ")";
}

}  // namespace locus::cli
