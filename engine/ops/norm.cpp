// LayerNorm (Ba et al. 2016, section 3) and RMSNorm (Zhang and Sennrich 2019, section 3).
#include <cmath>

#include "engine/ops/ops.hpp"
#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/norm.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

// The sum of term(x) over a row.
template <typename Term>
HWY_INLINE float sum_of(const float* x, int64_t width, const Term& term) {
  const Lanes lanes;
  const auto step = static_cast<int64_t>(hn::Lanes(lanes));
  Vector even = hn::Zero(lanes);
  Vector odd = hn::Zero(lanes);
  int64_t i = 0;
  for (; i + 2 * step <= width; i += 2 * step) {
    even = hn::Add(even, term(hn::LoadU(lanes, x + i)));
    odd = hn::Add(odd, term(hn::LoadU(lanes, x + i + step)));
  }
  if (i + step <= width) {
    even = hn::Add(even, term(hn::LoadU(lanes, x + i)));
    i += step;
  }
  if (i < width) {
    const auto inside = hn::FirstN(lanes, static_cast<size_t>(width - i));
    odd = hn::Add(odd, hn::IfThenElseZero(inside, term(load_part(x + i, width - i))));
  }
  return hn::GetLane(hn::SumOfLanes(lanes, hn::Add(even, odd)));
}

// y = (x - mean) * factor * gain + bias
HWY_INLINE void normalise(const float* x, float* y, int64_t width, const Vector mean,
                          const Vector factor, const NormWeights& weights) {
  const float* gain = weights.gain.empty() ? nullptr : weights.gain.data();
  const float* bias = weights.bias.empty() ? nullptr : weights.bias.data();
  const auto normal = [=](Vector value) HWY_ATTR { return hn::Mul(hn::Sub(value, mean), factor); };
  if (gain && bias) {
    map(x, gain, bias, y, width, [=](Vector value, Vector gains, Vector biases) HWY_ATTR {
      return hn::MulAdd(normal(value), gains, biases);
    });
  } else if (gain) {
    map(x, gain, y, width,
        [=](Vector value, Vector gains) HWY_ATTR { return hn::Mul(normal(value), gains); });
  } else if (bias) {
    map(x, bias, y, width,
        [=](Vector value, Vector biases) HWY_ATTR { return hn::Add(normal(value), biases); });
  } else {
    map(x, y, width, normal);
  }
}

HWY_INLINE void norm_row(const float* x, float* y, int64_t width, const NormWeights& weights) {
  const auto count = static_cast<float>(width);
  float mean = 0;
  if (weights.kind == NormKind::layer) {
    mean = sum_of(x, width, [](Vector value) HWY_ATTR { return value; }) / count;
  }
  const Vector means = hn::Set(Lanes(), mean);
  const float squares = sum_of(x, width, [&](Vector value) HWY_ATTR {
    const Vector centred = hn::Sub(value, means);
    return hn::Mul(centred, centred);
  });
  const float factor = 1 / std::sqrt(squares / count + weights.epsilon);
  normalise(x, y, width, means, hn::Set(Lanes(), factor), weights);
}

void norm(ConstView x, View y, const NormWeights& weights) {
  for (int64_t m = 0; m < x.size(0); ++m) {
    norm_row(x.row(m).data(), y.row(m).data(), x.size(1), weights);
  }
}

void add_norm(ConstView a, ConstView b, View sum, View y, const NormWeights& weights) {
  for (int64_t m = 0; m < a.size(0); ++m) {
    map(a.row(m).data(), b.row(m).data(), sum.row(m).data(), a.size(1),
        [](Vector left, Vector right) HWY_ATTR { return hn::Add(left, right); });
    norm_row(sum.row(m).data(), y.row(m).data(), a.size(1), weights);
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(norm);
HWY_EXPORT(add_norm);

void norm(ConstView x, View y, const NormWeights& weights) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(norm)(x, y, weights);
}

void add_norm(ConstView a, ConstView b, View sum, View y, const NormWeights& weights) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(add_norm)(a, b, sum, y, weights);
}
}  // namespace locus::ops
#endif  // HWY_ONCE
