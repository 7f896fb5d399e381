#include "engine/positions/mechanisms/distance_columns.hpp"

#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {

Tensor columns_of(const Tensor& table, float factor) {
  const int64_t rows = table.shape()[0], size = table.shape()[1];
  Tensor columns({size, rows});
  const ConstView from = table.view();
  const View to = columns.view();
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < size; ++c) to(c, row) = factor * from(row, c);
  }
  return columns;
}

DistanceColumns DistanceColumns::of_rows(const Tensor& table, Precision precision, float factor) {
  DistanceColumns result(table.shape()[0], precision);
  result.add_head(columns_of(table, factor).view());
  return result;
}

void DistanceColumns::add_head(ConstView columns) {
  const auto heads = static_cast<int64_t>(heads_.size()) + 1;
  check_table({heads, columns.size(0), columns.size(1)});
  heads_.push_back(ops::pack_columns(columns, precision_));
}

}  // namespace locus::positions
