#include "engine/positions/mechanisms/distance_columns.hpp"

#include <algorithm>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

constexpr int64_t register_width = 16;  // of AVX-512

int64_t whole_registers(int64_t columns) {
  return (columns + register_width - 1) / register_width * register_width;
}

// An odd number of registers, so that the rows of a product's piece share no lines of the cache.
int64_t padded(int64_t columns) {
  const int64_t width = whole_registers(columns) + register_width;
  return width / register_width % 2 == 0 ? width + register_width : width;
}

}  // namespace

DistanceColumns::DistanceColumns(int64_t heads, int64_t size, int64_t count)
    : values_(std::make_shared<Tensor>(new_table({heads, size, padded(count)}))), count_(count) {}

DistanceColumns DistanceColumns::of_rows(const Tensor& table, float factor) {
  const int64_t rows = table.shape()[0], size = table.shape()[1];
  DistanceColumns result(1, size, rows);
  const View columns = result.columns(0);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < size; ++c) columns(c, row) = factor * table.view()(row, c);
  }
  return result;
}

View DistanceColumns::products(ConstView x, int64_t head, Range range, Scratch& scratch) const {
  const int64_t count = range.end - range.begin, width = whole_registers(count);
  const View result = scratch.matrix(x.size(0), width);
  ops::multiply(x, all(head).slice(1, range.begin, range.begin + width), result);
  return result.slice(1, 0, count);
}

View DistanceColumns::all(int64_t head) const {
  return values_->view()[std::min(head, values_->shape()[0] - 1)];
}

}  // namespace locus::positions
