// A table of vectors by distance as the products of a tile read it.
#pragma once

#include <memory>

#include "engine/position.hpp"

namespace locus::positions {

/// Vectors as columns: products read them where they lie, from any column on, and transpose
/// nothing. There is room for whole vector registers behind the last column.
class DistanceColumns {
 public:
  DistanceColumns() = default;
  /// Zeroes, for [heads, d, R].
  DistanceColumns(int64_t heads, int64_t size, int64_t count);
  /// The rows of a table [R, d] that all heads share, each times `factor`.
  static DistanceColumns of_rows(const Tensor& table, float factor = 1);

  bool empty() const { return count_ == 0; }
  int64_t count() const { return count_; }  // R
  /// The columns of a head, to fill. [d, R]
  View columns(int64_t head) { return all(head).slice(1, 0, count_); }
  /// x's products with the columns of `range`. x [T, d]; [T, columns of the range], of the scratch
  View products(ConstView x, int64_t head, Range range, Scratch& scratch) const;

 private:
  View all(int64_t head) const;  // [d, R and what is behind]

  std::shared_ptr<Tensor> values_;  // [H, d, ...], or [1, d, ...] for all heads
  int64_t count_ = 0;
};

}  // namespace locus::positions
