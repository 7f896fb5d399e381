// Softmax and the logarithm of its denominator.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/ops/ops.hpp"
#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/softmax.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

constexpr float infinity = std::numeric_limits<float>::infinity();

// Sums run in f32 over this many values and then in double.
constexpr int64_t stretch = 512;

float max_of(const float* x, int64_t count) {
  const Lanes lanes;
  Vector largest = hn::Set(lanes, -infinity);
  for_each_vector(
      count, [&](int64_t i) HWY_ATTR { largest = hn::Max(largest, hn::LoadU(lanes, x + i)); },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        const auto inside = hn::FirstN(lanes, static_cast<size_t>(rest));
        const Vector values = load_part(x + i, rest);
        largest = hn::Max(largest, hn::IfThenElse(inside, values, hn::Set(lanes, -infinity)));
      });
  return hn::GetLane(hn::MaxOfLanes(lanes, largest));
}

// The sum of exp(x[i] - largest); `keep(i, rest, value)` sees every term.
template <typename Keep>
HWY_INLINE double sum_of_exponentials(const float* x, int64_t count, float largest,
                                      const Keep& keep) {
  const Lanes lanes;
  const Vector peak = hn::Set(lanes, largest);
  double total = 0;
  for (int64_t begin = 0; begin < count; begin += stretch) {
    Vector sum = hn::Zero(lanes);
    for_each_vector(
        std::min(stretch, count - begin),
        [&](int64_t i) HWY_ATTR {
          const Vector term = exponential(hn::Sub(hn::LoadU(lanes, x + begin + i), peak));
          sum = hn::Add(sum, term);
          keep.whole(begin + i, term);
        },
        [&](int64_t i, int64_t rest) HWY_ATTR {
          const auto inside = hn::FirstN(lanes, static_cast<size_t>(rest));
          const Vector values = load_part(x + begin + i, rest);
          const Vector term = hn::IfThenElseZero(inside, exponential(hn::Sub(values, peak)));
          sum = hn::Add(sum, term);
          keep.part(begin + i, rest, term);
        });
    total += hn::GetLane(hn::SumOfLanes(lanes, sum));
  }
  return total;
}

struct KeepNothing {
  HWY_INLINE void whole(int64_t, Vector) const {}
  HWY_INLINE void part(int64_t, int64_t, Vector) const {}
};

struct KeepAll {
  float* to;
  HWY_INLINE void whole(int64_t i, Vector term) const { hn::StoreU(term, Lanes(), to + i); }
  HWY_INLINE void part(int64_t i, int64_t rest, Vector term) const {
    store_part(term, to + i, rest);
  }
};

void softmax_all(float* x, int64_t count) {
  const float largest = max_of(x, count);
  if (largest == -infinity) {
    std::fill_n(x, count, 0.0f);
    return;
  }
  const double sum = sum_of_exponentials(x, count, largest, KeepAll{x});
  const Vector factor = hn::Set(Lanes(), static_cast<float>(1 / sum));
  map(x, x, count, [&](Vector value) HWY_ATTR { return hn::Mul(value, factor); });
}

double log_sum_exp(const float* x, int64_t count) {
  const float largest = max_of(x, count);
  if (std::isinf(largest)) return largest;
  return largest + std::log(sum_of_exponentials(x, count, largest, KeepNothing()));
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(softmax_all);
HWY_EXPORT(log_sum_exp);

void softmax(std::span<float> s, Range visible) {
  settle_instruction_set();
  std::fill(s.begin(), s.begin() + visible.begin, 0.0f);
  std::fill(s.begin() + visible.end, s.end(), 0.0f);
  HWY_DYNAMIC_DISPATCH(softmax_all)(s.data() + visible.begin, visible.end - visible.begin);
}

double log_sum_exp(std::span<const float> x) {
  settle_instruction_set();
  return HWY_DYNAMIC_DISPATCH(log_sum_exp)(x.data(), static_cast<int64_t>(x.size()));
}
}  // namespace locus::ops
#endif  // HWY_ONCE
