#include <algorithm>

#include "engine/ops/linear/diagonal_product.hpp"
#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/linear/diagonal_loops.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {
namespace {

struct Words {
  using Vector = HWY_NAMESPACE::Vector;
  using Sums = Vector;
  static constexpr int64_t width = lane_count;

  static HWY_INLINE Sums zero() { return hn::Zero(Lanes()); }
  static HWY_INLINE Vector load(const float* from) { return hn::LoadU(Lanes(), from); }
  static HWY_INLINE Sums add(Sums sums, Vector a, Vector b) { return hn::MulAdd(a, b, sums); }
  static HWY_INLINE void finish(float* c, int64_t count, float factor, Sums sums) {
    const Vector factors = hn::Set(Lanes(), factor);
    if (count == width) return hn::StoreU(hn::MulAdd(factors, sums, load(c)), Lanes(), c);
    store_part(hn::MulAdd(factors, sums, load_part(c, count)), c, count);
  }
};

#include "engine/ops/linear/diagonal_loops.hpp"

}  // namespace

AddDiagonals f32_diagonals() { return add_diagonals; }

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(f32_diagonals);

AddDiagonals diagonal_loops() {
  settle_instruction_set();
  return HWY_DYNAMIC_DISPATCH(f32_diagonals)();
}

void add_diagonal_product(AddDiagonals loops, ConstView a, const Operand& b, float factor, View c) {
  DiagonalProduct product;
  product.a = a.data + c.size(0) - 1;
  product.a_stride = a.stride(0);
  product.b = b.packed;
  product.b_stride = b.stride;
  product.c = c.data;
  product.c_stride = c.stride(0);
  product.words = a.size(0);
  product.factor = factor;
  loops(c.size(0), c.size(1), product);
}

}  // namespace locus::ops
#endif  // HWY_ONCE
