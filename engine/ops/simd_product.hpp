// The inner loops of every f32 product. Compiled once for each instruction set, as simd.hpp is.
//
// Every value of a product is one chain of multiply-adds over the depth, whatever the blocking, so
// that a row has the same bits in a batch of any size.
#if defined(LOCUS_ENGINE_OPS_SIMD_PRODUCT_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCUS_ENGINE_OPS_SIMD_PRODUCT_HPP
#undef LOCUS_ENGINE_OPS_SIMD_PRODUCT_HPP
#else
#define LOCUS_ENGINE_OPS_SIMD_PRODUCT_HPP
#endif

#include "engine/ops/simd.hpp"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace locus {
namespace HWY_NAMESPACE {

// The sums, a row of b and a value of a stay in registers: AVX-512 has 32, the others 16.
constexpr bool many_registers = lane_count == 16;
constexpr int most_vectors = many_registers ? 4 : 3;
constexpr int rows_beside(int vectors) {
  return many_registers ? (vectors == 4 ? 6 : 8) : (vectors == 3 ? 4 : 6);
}

// c = start + a b
struct Product {
  const float* a = nullptr;  // [rows, depth]
  int64_t a_stride = 0;
  const float* b = nullptr;  // [depth, columns]
  int64_t b_stride = 0;
  float* c = nullptr;  // [rows, columns]
  int64_t c_stride = 0;
  const float* start = nullptr;  // [rows, columns], may be c
  int64_t start_stride = 0;      // 0 where rows share it
  int64_t depth = 0;
};

template <int rows, int vectors>
HWY_INLINE void multiply_block(const Product& product) {
  const Lanes lanes;
  Vector sums[rows][vectors];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
    const float* start = product.start + i * product.start_stride;
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) sums[i][j] = hn::LoadU(lanes, start + j * lane_count);
  }
  for (int64_t k = 0; k < product.depth; ++k) {
    const float* row = product.b + k * product.b_stride;
    Vector b[vectors];
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      b[j] = hn::LoadU(lanes, row + j * lane_count);
      hwy::Prefetch(row + 8 * product.b_stride + j * lane_count);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const Vector a = hn::Set(lanes, product.a[i * product.a_stride + k]);
#pragma GCC unroll 16
      for (int j = 0; j < vectors; ++j) sums[i][j] = hn::MulAdd(a, b[j], sums[i][j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
    float* c = product.c + i * product.c_stride;
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) hn::StoreU(sums[i][j], lanes, c + j * lane_count);
  }
}

// For a number of rows that is known at run time, at most rows_beside(vectors).
template <int vectors, int rows = rows_beside(vectors)>
HWY_INLINE void multiply_rows(int64_t count, const Product& product) {
  if constexpr (rows > 1) {
    if (count < rows) return multiply_rows<vectors, rows - 1>(count, product);
  }
  multiply_block<rows, vectors>(product);
}

// For columns that do not fill the vectors: b is padded, start and c are not.
template <int vectors>
void multiply_ragged(int64_t count, int64_t columns, const Product& product) {
  constexpr int64_t width = vectors * lane_count;
  float sums[rows_beside(vectors) * width] = {};
  for (int64_t i = 0; i < count; ++i) {
    std::copy_n(product.start + i * product.start_stride, columns, sums + i * width);
  }
  Product padded = product;
  padded.start = padded.c = sums;
  padded.start_stride = padded.c_stride = width;
  multiply_rows<vectors>(count, padded);
  for (int64_t i = 0; i < count; ++i) {
    std::copy_n(sums + i * width, columns, product.c + i * product.c_stride);
  }
}

// Any number of rows, of `columns` columns that need `vectors` vectors.
template <int vectors>
void multiply_column(int64_t rows, int64_t columns, Product product) {
  constexpr int64_t most_rows = rows_beside(vectors);
  for (int64_t groups = (rows + most_rows - 1) / most_rows; groups > 0; --groups) {
    const int64_t count = (rows + groups - 1) / groups;
    if (columns == vectors * lane_count) {
      multiply_rows<vectors>(count, product);
    } else {
      multiply_ragged<vectors>(count, columns, product);
    }
    product.a += count * product.a_stride;
    product.c += count * product.c_stride;
    product.start += count * product.start_stride;
    rows -= count;
  }
}

// Any number of rows, of at most most_vectors vectors of columns.
template <int vectors = most_vectors>
HWY_INLINE void multiply_columns(int64_t rows, int64_t columns, const Product& product) {
  if constexpr (vectors > 1) {
    if (columns <= (vectors - 1) * lane_count) {
      return multiply_columns<vectors - 1>(rows, columns, product);
    }
  }
  multiply_column<vectors>(rows, columns, product);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus
HWY_AFTER_NAMESPACE();

#endif  // LOCUS_ENGINE_OPS_SIMD_PRODUCT_HPP
