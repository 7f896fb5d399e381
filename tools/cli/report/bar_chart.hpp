// Shares of a whole, as stacked bars.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct StackedBars {
  const Tensor& shares;            ///< [bars, parts]; each row sums to 1
  std::vector<std::string> bars;   ///< their names
  std::vector<std::string> parts;  ///< in order, from dark to light
  std::string_view bar;            ///< what a bar is
  std::string_view part;           ///< what a part is
};

/// A specification in Vega's language: a bar for each row, from 0 to 1.
Json bar_chart(const StackedBars& chart);
Json bar_table(const StackedBars& chart);

}  // namespace locus::cli
