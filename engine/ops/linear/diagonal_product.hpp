// Products of which every row has columns of its own: those of a vector by distance with a key.
#pragma once

#include <cstdint>

#include "engine/ops/ops.hpp"

namespace locus::ops {

/// c[i, j] += factor a[j - i] . b[j], where a and b are columns of words: f32 values, or pairs of
/// bf16 that are not computed with as f32. Every value is one chain of additions over the words.
struct DiagonalProduct {
  const float* a = nullptr;  ///< [words, columns], from the column that c[0, 0] needs
  int64_t a_stride = 0;
  const float* b = nullptr;  ///< [words, columns]; a and b have room for whole vectors in every row
  int64_t b_stride = 0;
  float* c = nullptr;  ///< [rows, columns]
  int64_t c_stride = 0;
  int64_t words = 0;
  float factor = 1;
};

/// Any number of rows and columns.
using AddDiagonals = void (*)(int64_t rows, int64_t columns, const DiagonalProduct& product);

/// The loops for f32 words and the CPU's instructions.
AddDiagonals diagonal_loops();

/// `Products::add_diagonals` with the loops for its words.
void add_diagonal_product(AddDiagonals loops, ConstView a, const Operand& b, float factor, View c);

}  // namespace locus::ops
