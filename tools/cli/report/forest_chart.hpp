// Differences from one model with their intervals, a row each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/statistics.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct ForestRow {
  std::string name;
  double difference = 0;
  Interval interval;          ///< without ends where there is none
  std::vector<double> seeds;  ///< of each run, from the same baseline
  std::string colour;
  std::string verdict;  ///< beside the row
};

/// A line across all rows.
struct ForestLine {
  std::string name;
  double difference = 0;
};

struct Forest {
  std::string x;  ///< title of the axis
  std::vector<ForestRow> rows;
  std::vector<ForestLine> lines;
  double margin = 0;  ///< of what does not matter, on both sides of 0
};

/// A specification in Vega's language. The axis is made for the rows: a line far beyond them is an
/// arrow at the edge with its number.
Json forest_chart(const Forest& forest);
/// The chart as an SVG file.
std::string forest_svg(const Forest& forest);
/// What the axis holds: rows with their intervals and seeds, 0 and the margin.
Interval forest_domain(const Forest& forest);

}  // namespace locus::cli
