// The products of attention: few rows, and operands that are read where they lie.
#include <algorithm>

#include "engine/ops/dispatch.hpp"
#include "engine/ops/ops.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/products.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd_product.hpp"
#include "engine/ops/simd_transpose.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus {
namespace HWY_NAMESPACE {

// A piece of b that is copied so that it lies together: 32 KiB at most, to stay in the L1 cache's
// neighbourhood and on any thread's stack.
constexpr int64_t widest = most_vectors * lane_count;
constexpr int64_t deepest = 128;

struct Piece {
  int64_t column, columns, k, depth;
};

// Calls `use` for the pieces of b in an order that adds up each column from the first k.
template <typename Use>
HWY_INLINE void for_each_piece(int64_t columns, int64_t depth, const Use& use) {
  const int64_t passes = (columns + widest - 1) / widest;
  const int64_t vectors = (columns + lane_count - 1) / lane_count;
  int64_t column = 0;
  for (int64_t pass = 0; pass < passes; ++pass) {
    const int64_t end = std::min(columns, (pass + 1) * vectors / passes * lane_count);
    int64_t k = 0;
    do {
      use(Piece{column, end - column, k, std::min(deepest, depth - k)});
      k += deepest;
    } while (k < depth);
    column = end;
  }
}

// The product that adds a piece, without its b.
HWY_INLINE Product product_of(const Piece& piece, ConstView a, View c, float accumulate) {
  static constexpr float zeroes[widest] = {};
  Product product;
  product.a = a.data + piece.k;
  product.a_stride = a.stride(0);
  product.c = c.data + piece.column;
  product.c_stride = c.stride(0);
  const bool adds = accumulate != 0 || piece.k > 0;
  product.start = adds ? product.c : zeroes;
  product.start_stride = adds ? product.c_stride : 0;
  product.depth = piece.depth;
  return product;
}

void multiply_transposed(ConstView a, ConstView b, View c, float accumulate) {
  alignas(64) float panel[deepest * widest];
  for_each_piece(b.size(0), a.size(1), [&](const Piece& piece) HWY_ATTR {
    Product product = product_of(piece, a, c, accumulate);
    product.b = panel;
    product.b_stride = (piece.columns + lane_count - 1) / lane_count * lane_count;
    transpose(
        {b.data + piece.column * b.stride(0) + piece.k, piece.columns, piece.depth, b.stride(0)},
        panel, product.b_stride);
    multiply_columns(a.size(0), piece.columns, product);
  });
}

void multiply(ConstView a, ConstView b, View c, float accumulate) {
  alignas(64) float panel[deepest * widest];
  for_each_piece(b.size(1), a.size(1), [&](const Piece& piece) HWY_ATTR {
    Product product = product_of(piece, a, c, accumulate);
    product.b = b.data + piece.k * b.stride(0) + piece.column;
    product.b_stride = b.stride(0);
    const int64_t padded = (piece.columns + lane_count - 1) / lane_count * lane_count;
    if (padded != piece.columns) {
      for (int64_t k = 0; k < piece.depth; ++k) {
        std::copy_n(product.b + k * product.b_stride, piece.columns, panel + k * padded);
        std::fill(panel + k * padded + piece.columns, panel + (k + 1) * padded, 0.0f);
      }
      product.b = panel;
      product.b_stride = padded;
    }
    multiply_columns(a.size(0), piece.columns, product);
  });
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus {

HWY_EXPORT(multiply_transposed);
HWY_EXPORT(multiply);

namespace ops {

void multiply_transposed(ConstView a, ConstView b, View c, float accumulate) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(multiply_transposed)(a, b, c, accumulate);
}

void multiply(ConstView a, ConstView b, View c, float accumulate) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(multiply)(a, b, c, accumulate);
}

}  // namespace ops
}  // namespace locus
#endif  // HWY_ONCE
