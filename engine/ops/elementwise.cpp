// Sums, factors and activations, row by row.
#include "engine/ops/ops.hpp"
#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/elementwise.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd_activation.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

void add(ConstView a, ConstView b, View y) {
  for (int64_t m = 0; m < a.size(0); ++m) {
    map(a.row(m).data(), b.row(m).data(), y.row(m).data(), a.size(1),
        [](Vector left, Vector right) HWY_ATTR { return hn::Add(left, right); });
  }
}

void scale(View x, float factor) {
  const Vector factors = hn::Set(Lanes(), factor);
  for (int64_t m = 0; m < x.size(0); ++m) {
    float* row = x.row(m).data();
    map(row, row, x.size(1), [&](Vector value) HWY_ATTR { return hn::Mul(value, factors); });
  }
}

void activate(View x, Activation activation) {
  with_activation(activation, [&](auto function) HWY_ATTR {
    for (int64_t m = 0; m < x.size(0); ++m) {
      float* row = x.row(m).data();
      map(row, row, x.size(1), function);
    }
  });
}

void activate_multiply(View gate, ConstView up, Activation activation) {
  with_activation(activation, [&](auto function) HWY_ATTR {
    for (int64_t m = 0; m < gate.size(0); ++m) {
      float* row = gate.row(m).data();
      map(row, up.row(m).data(), row, gate.size(1),
          [&](Vector left, Vector right) HWY_ATTR { return hn::Mul(function(left), right); });
    }
  });
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(add);
HWY_EXPORT(scale);
HWY_EXPORT(activate);
HWY_EXPORT(activate_multiply);

void add(ConstView a, ConstView b, View y) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(add)(a, b, y);
}

void add(std::span<float> x, std::span<const float> y) {
  const auto count = static_cast<int64_t>(x.size());
  const View row(x.data(), {1, count});
  add(row, ConstView(y.data(), {1, count}), row);
}

void scale(View x, float factor) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(scale)(x, factor);
}

void soft_cap(View x, float cap) {
  scale(x, 1 / cap);
  activate(x, Activation::tanh);
  scale(x, cap);
}

void activate(View x, Activation activation) {
  settle_instruction_set();
  if (activation != Activation::identity) HWY_DYNAMIC_DISPATCH(activate)(x, activation);
}

void activate_multiply(View gate, ConstView up, Activation activation) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(activate_multiply)(gate, up, activation);
}
}  // namespace locus::ops
#endif  // HWY_ONCE
