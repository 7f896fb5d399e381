// A matrix as an image.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/tensor.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct Heatmap {
  const Tensor& values;  ///< [rows, columns]
  std::string_view x;    ///< titles of the axes
  std::string_view y;
  int64_t first_column = 0;  ///< the number of the first column; the first row's is 0
  int64_t column_step = 1;   ///< numbers between columns, and between rows
  int64_t row_step = 1;
};

/// A specification in Vega's language: colours from blue over white to orange, 0 in the middle.
Json heatmap_chart(const Heatmap& map);
/// The titles of all columns and the names of all rows; the page fills them with the picture's
/// values when they are asked for.
Json heatmap_table(const Heatmap& map);

}  // namespace locus::cli
