// A table of vectors by distance as the queries of a tile meet it.
#pragma once

#include <memory>
#include <vector>

#include "engine/ops/ops.hpp"

namespace locus::positions {

/// The rows of a table, each times `factor`, as columns. [R, d] -> [d, R]
Tensor columns_of(const Tensor& table, float factor);

/// Vectors as columns: products read them where they lie and transpose nothing.
class DistanceColumns {
 public:
  DistanceColumns() = default;
  DistanceColumns(int64_t count, Precision precision) : count_(count), precision_(precision) {}
  /// The rows of a table [R, d] that all heads share, each times `factor`.
  static DistanceColumns of_rows(const Tensor& table, Precision precision, float factor = 1);

  /// The columns of the next head. [d, R]. Throws Error as `new_table` does, of all heads.
  void add_head(ConstView columns);

  bool empty() const { return count_ == 0; }
  int64_t count() const { return count_; }  // R
  /// x's products with the columns of `range`. x [T, d]; [T, columns of the range], of the scratch
  View products(ConstView x, int64_t head, Range range, Scratch& scratch) const {
    const auto& columns = heads_.size() == 1 ? heads_.front() : heads_.at(head);
    return ops::products_with(*columns, x, range, scratch);
  }

 private:
  std::vector<std::shared_ptr<const ops::PackedColumns>> heads_;  // of each head, or one for all
  int64_t count_ = 0;
  Precision precision_ = Precision::f32;
};

}  // namespace locus::positions
