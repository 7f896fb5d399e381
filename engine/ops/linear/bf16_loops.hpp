// The vector loops of products with bf16 operands and f32 sums.
#pragma once

#include <cstdint>

namespace locus::ops::bf16 {

/// Two bf16 values of neighbouring depths, the lower one in the lower half.
using Pair = uint32_t;

/// c = start + a b, where every value of c is one chain of additions of pairs over the depth,
/// whatever the blocking.
struct PairProduct {
  const Pair* a = nullptr;  ///< [rows, pairs]
  int64_t a_stride = 0;
  const Pair* b = nullptr;  ///< [pairs, columns], and room for whole vectors in every row
  int64_t b_stride = 0;
  float* c = nullptr;  ///< [rows, columns]
  int64_t c_stride = 0;
  const float* start = nullptr;  ///< [rows, columns], may be c; null for zeroes
  int64_t pairs = 0;
};

/// The loops for the CPU's instructions.
struct PairLoops {
  /// Any number of rows, of at most `pair_columns` columns.
  void (*multiply)(int64_t rows, int64_t columns, const PairProduct& product);
  /// Pairs of neighbours in a row; the last of an odd number stands alone.
  void (*pair_neighbours)(const float* row, int64_t count, Pair* to);
  /// Pairs of one row and the next (null: zeroes), and zeroes up to whole vectors.
  void (*pair_rows)(const float* row, const float* next, int64_t count, Pair* to);
};

constexpr int64_t pair_lanes = 16;
constexpr int64_t pair_columns = 4 * pair_lanes;

/// Null where the CPU has no such instructions or they are not to be used.
const PairLoops* loops();

}  // namespace locus::ops::bf16
