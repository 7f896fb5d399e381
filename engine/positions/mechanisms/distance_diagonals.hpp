// A table of vectors by distance as the keys of a tile meet it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/distance_rows.hpp"

namespace locus::positions {

/// Vectors as columns, of which every pair of query and key takes its own: nothing is computed that
/// no pair needs, and sums lie where scores do. Words are those of attention's products, in f32 or
/// bf16.
class DistanceDiagonals {
 public:
  DistanceDiagonals() = default;
  DistanceDiagonals(int64_t count, Precision precision)
      : count_(count), products_(&ops::products(precision)) {}
  /// The rows of a table [R, d] that all heads share, each times `factor`.
  static DistanceDiagonals of_rows(const Tensor& table, Precision precision, float factor = 1);

  /// The columns of the next head. [d, R]. Throws Error as `new_table` does, of all heads.
  void add_head(ConstView columns);

  bool empty() const { return count_ == 0; }
  int64_t count() const { return count_; }  // R

  /// Keys [Tk, d] as products read them: what is known, where it is these keys, or in the scratch.
  ops::Operand packed(const ops::Operand* known, ConstView keys, Scratch& scratch) const;

  /// What a pair's term is multiplied by, and whose table it is of.
  struct Terms {
    int64_t head;
    float factor;
  };
  /// s[i, j] += factor k_j . (vector of the distance nearest + Tq - 1 - i + j). s [Tq, Tk]
  void add(View s, const ops::Operand& keys, const Terms& terms, const DistanceRows& rows,
           int64_t nearest, Scratch& scratch) const;
  /// s[0, j] += factor k_j . (vector of row_of(j)), for positions in any order. s [1, Tk]
  void add_row(View s, const ops::Operand& keys, const Terms& terms,
               const std::function<int64_t(int64_t key)>& row_of, Scratch& scratch) const;

 private:
  ConstView table(int64_t head) const {
    return (heads_.size() == 1 ? heads_.front() : heads_.at(head))->view();
  }
  View columns(int64_t count, Scratch& scratch) const;

  std::vector<std::shared_ptr<const Tensor>> heads_;  // of each head, or one for all
  int64_t count_ = 0;
  const ops::Products* products_ = nullptr;
};

}  // namespace locus::positions
