#include "engine/ops/linear/product_loops.hpp"

#include <algorithm>

#include "engine/ops/linear/row_groups.hpp"
#include "engine/ops/simd/dispatch.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define LOCUS_CHECKED_ONCE __attribute__((no_sanitize("address"), no_sanitize("undefined")))
#else
#define LOCUS_CHECKED_ONCE
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/linear/product_loops.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"
#include "engine/ops/simd/simd_transpose.hpp"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

// The sums, a row of b and a value of a stay in registers: AVX-512 has 32, the others 16. Eight
// sums hide the latency of a multiply-add.
constexpr bool many_registers = lane_count == 16;
constexpr int max_vectors = many_registers ? 4 : 3;
constexpr int rows_beside(int vectors) {
  if (lane_count == 1) return 2;
  if (many_registers) return vectors == 4 ? 6 : 8;
  return 4;
}

// Far enough for weights that come from memory, where the CPU's own prefetching ends at every page.
constexpr int64_t rows_ahead = 16;

// AddressSanitizer looks at each row as a whole, before the loops: at each element of each step it
// would take most of the time that the tests have.
template <int rows, int vectors>
HWY_INLINE void check_block([[maybe_unused]] const Product& product) {
#ifdef __SANITIZE_ADDRESS__
  const auto check = [](const float* row, int64_t count) {
    void* poisoned = __asan_region_is_poisoned(const_cast<float*>(row), count * sizeof(float));
    if (poisoned) *static_cast<volatile char*>(poisoned);  // ends with AddressSanitizer's report
  };
  constexpr int64_t width = vectors * lane_count;
  for (int64_t k = 0; k < product.depth; ++k) check(product.b + k * product.b_stride, width);
  for (int i = 0; i < rows; ++i) {
    check(product.a + i * product.a_stride, product.depth);
    check(product.start + i * product.start_stride, width);
    check(product.c + i * product.c_stride, width);
  }
#endif
}

/// `fetched`: values of `next` for each step of the depth.
template <int rows, int vectors, Fetch fetch>
LOCUS_CHECKED_ONCE HWY_NOINLINE void multiply_block(const Product& product,
                                                    [[maybe_unused]] int64_t fetched) {
  const Lanes lanes;
  Vector sums[rows][vectors];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
    const float* start = product.start + i * product.start_stride;
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) sums[i][j] = hn::LoadU(lanes, start + j * lane_count);
  }
  for (int64_t k = 0; k < product.depth; ++k) {
    if constexpr (fetch == Fetch::next) {
      for (int64_t value = 0; value < fetched; value += line_values) {
        __builtin_prefetch(product.next + k * fetched + value, 0, 2);  // to read, into the L2 cache
      }
    }
    const float* row = product.b + k * product.b_stride;
    Vector b[vectors];
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      b[j] = hn::LoadU(lanes, row + j * lane_count);
      if constexpr (fetch == Fetch::ahead) {
        hwy::Prefetch(row + rows_ahead * product.b_stride + j * lane_count);
      }
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
template <int vectors, Fetch fetch, int rows = rows_beside(vectors)>
HWY_INLINE void multiply_rows(int64_t count, const Product& product, int64_t fetched = 0) {
  if constexpr (rows > 1) {
    if (count < rows) return multiply_rows<vectors, fetch, rows - 1>(count, product, fetched);
  }
  check_block<rows, vectors>(product);
  multiply_block<rows, vectors, fetch>(product, fetched);
}

// Rows of columns that do not fill their vectors: b is padded, start and c are not.
template <int vectors>
HWY_NOINLINE void multiply_padded(int64_t count, int64_t columns, Product product) {
  constexpr int64_t width = vectors * lane_count;
  float sums[rows_beside(vectors) * width] = {};
  float* const c = product.c;
  const int64_t c_stride = product.c_stride;
  for (int64_t i = 0; i < count; ++i) {
    std::copy_n(product.start + i * product.start_stride, columns, sums + i * width);
  }
  product.start = product.c = sums;
  product.start_stride = product.c_stride = width;
  multiply_rows<vectors, Fetch::ahead>(count, product);
  for (int64_t i = 0; i < count; ++i) std::copy_n(sums + i * width, columns, c + i * c_stride);
}

// Any number of rows, of `columns` columns that need `vectors` vectors. Its own product is moved
// from group to group: the next block would wait for a copy of it.
template <int vectors>
HWY_NOINLINE void multiply_column(int64_t rows, int64_t columns, Product product) {
  const bool ragged = columns < vectors * lane_count;
  RowGroups groups(rows, rows_beside(vectors), product.next == nullptr ? 0 : product.b_stride);
  while (!groups.empty()) {
    const RowGroup group = groups.take();
    if (ragged) {
      multiply_padded<vectors>(group.rows, columns, product);
    } else if (group.fetch == Fetch::ahead) {
      multiply_rows<vectors, Fetch::ahead>(group.rows, product);
    } else if (group.fetch == Fetch::next) {
      multiply_rows<vectors, Fetch::next>(group.rows, product, group.fetched);
      product.next += product.depth * group.fetched;
    } else {
      multiply_rows<vectors, Fetch::nothing>(group.rows, product);
    }
    product.a += group.rows * product.a_stride;
    product.c += group.rows * product.c_stride;
    product.start += group.rows * product.start_stride;
  }
}

// Any number of rows, of at most max_vectors vectors of columns.
template <int vectors = max_vectors>
void multiply_columns(int64_t rows, int64_t columns, const Product& product) {
  if constexpr (vectors > 1) {
    if (columns <= (vectors - 1) * lane_count) {
      return multiply_columns<vectors - 1>(rows, columns, product);
    }
  }
  multiply_column<vectors>(rows, columns, product);
}

const ProductLoops& loops() {
  static constexpr ProductLoops loops{lane_count, max_vectors, multiply_columns<max_vectors>,
                                      transpose_padded};
  return loops;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(loops);

const ProductLoops& product_loops() {
  settle_instruction_set();
  return HWY_DYNAMIC_DISPATCH(loops)();
}

}  // namespace locus::ops
#endif  // HWY_ONCE
