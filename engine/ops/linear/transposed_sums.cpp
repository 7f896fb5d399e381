// Products with a vector, and sums of a matrix with another one that lies on its side.
#include <array>

#include "engine/ops/ops.hpp"
#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/linear/transposed_sums.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"
#include "engine/ops/simd/simd_transpose.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

void multiply_vector(ConstView a, std::span<const float> x, std::span<float> y) {
  const Lanes lanes;
  for (int64_t m = 0; m < a.size(0); ++m) {
    const float* row = a.row(m).data();
    Vector sum = hn::Zero(lanes);
    for_each_vector(
        a.size(1),
        [&](int64_t k) HWY_ATTR {
          sum = hn::MulAdd(hn::LoadU(lanes, row + k), hn::LoadU(lanes, x.data() + k), sum);
        },
        [&](int64_t k, int64_t rest) HWY_ATTR {
          sum = hn::MulAdd(load_part(row + k, rest), load_part(x.data() + k, rest), sum);
        });
    y[m] = hn::GetLane(hn::SumOfLanes(lanes, sum));
  }
}

void add_transposed(ConstView a, float factor, View c) {
  constexpr int64_t width = 16, height = 64;  // of a piece of c
  alignas(64) std::array<float, width * height> piece;
  const Vector factors = hn::Set(Lanes(), factor);
  for (int64_t n = 0; n < a.size(0); n += width) {
    const int64_t columns = std::min(width, a.size(0) - n);
    for (int64_t m = 0; m < a.size(1); m += height) {
      const int64_t rows = std::min(height, a.size(1) - m);
      transpose({a.row(n).data() + m, columns, rows, a.stride(0)}, piece.data(), width);
      for (int64_t row = 0; row < rows; ++row) {
        float* to = c.row(m + row).data() + n;
        map(to, piece.data() + row * width, to, columns,
            [&](Vector sum, Vector term) HWY_ATTR { return hn::MulAdd(factors, term, sum); });
      }
    }
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(multiply_vector);
HWY_EXPORT(add_transposed);

void multiply_vector(ConstView a, std::span<const float> x, std::span<float> y) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(multiply_vector)(a, x, y);
}

void add_transposed(ConstView a, float factor, View c) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(add_transposed)(a, factor, c);
}

}  // namespace locus::ops
#endif  // HWY_ONCE
