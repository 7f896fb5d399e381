// The vector loops of products with bf16 operands and f32 sums.
#pragma once

#include "engine/ops/linear/diagonal_product.hpp"
#include "engine/ops/linear/dot_product.hpp"

namespace locus::ops::bf16 {

/// The loops for the CPU's instructions.
struct PairLoops {
  dot::Multiply<float> multiply;
  /// Words are pairs.
  AddDiagonals add_diagonals;
  /// Pairs of neighbours in a row; the last of an odd number stands alone.
  void (*pair_neighbours)(const float* row, int64_t count, dot::Word* to);
  /// Pairs of one row and the next (null: zeroes), and zeroes up to whole vectors.
  void (*pair_rows)(const float* row, const float* next, int64_t count, dot::Word* to);
};

/// Null where the CPU has no such instructions or they are not to be used.
const PairLoops* loops();

}  // namespace locus::ops::bf16
