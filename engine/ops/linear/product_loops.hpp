// The vector loops of f32 products.
#pragma once

#include <cstdint>

namespace locus::ops {

/// c = start + a b, where every value of c is one chain of multiply-adds over the depth, whatever
/// the blocking: so a row has the same bits in a batch of any size.
struct Product {
  const float* a = nullptr;  ///< [rows, depth]
  int64_t a_stride = 0;
  const float* b = nullptr;  ///< [depth, columns], and room for whole vectors in every row
  int64_t b_stride = 0;
  float* c = nullptr;  ///< [rows, columns]
  int64_t c_stride = 0;
  const float* start = nullptr;  ///< [rows, columns], may be c
  int64_t start_stride = 0;      ///< 0 where all rows start from the same values
  int64_t depth = 0;
  const float* next = nullptr;  ///< [depth, b_stride] that come into the cache meanwhile, or null
};

/// A matrix that is read row by row.
struct MatrixRows {
  const float* data;
  int64_t rows, columns, stride;
};

/// The loops for the CPU's instructions.
struct ProductLoops {
  int64_t lanes;        ///< values of a vector
  int64_t max_vectors;  ///< of columns that one call of `multiply` takes

  /// Any number of rows, of at most max_vectors * lanes columns.
  void (*multiply)(int64_t rows, int64_t columns, const Product& product);

  /// to[k, n] = from[n, k], and 0 for n from from.rows up to `width`.
  void (*transpose)(const MatrixRows& from, float* to, int64_t to_stride, int64_t width);

  /// Columns rounded up to whole vectors.
  int64_t padded(int64_t columns) const { return (columns + lanes - 1) / lanes * lanes; }
};

const ProductLoops& product_loops();

}  // namespace locus::ops
