#include "engine/ops/linear/quantize.hpp"

#include <algorithm>
#include <cmath>

#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/linear/quantize.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd_activation.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

HWY_INLINE float max_magnitude(const float* x, int64_t count) {
  const Lanes lanes;
  Vector largest = hn::Zero(lanes);
  for_each_vector(
      count,
      [&](int64_t i) HWY_ATTR { largest = hn::Max(largest, hn::Abs(hn::LoadU(lanes, x + i))); },
      [&](int64_t i, int64_t rest)
          HWY_ATTR { largest = hn::Max(largest, hn::Abs(load_part(x + i, rest))); });
  return hn::GetLane(hn::MaxOfLanes(lanes, largest));
}

// to[i] = value(x[i]), where `value` makes narrow lanes of a vector.
template <typename Narrow, typename Value>
HWY_INLINE void narrow(const float* x, int64_t count, Narrow* to, const Value& value) {
  const Lanes lanes;
  const hn::Rebind<Narrow, Lanes> narrow_lanes;
  for_each_vector(
      count,
      [&](int64_t i) HWY_ATTR { hn::StoreU(value(hn::LoadU(lanes, x + i)), narrow_lanes, to + i); },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        HWY_ALIGN Narrow part[lane_count];
        hn::StoreU(value(load_part(x + i, rest)), narrow_lanes, part);
        std::copy_n(part, rest, to + i);
      });
}

// to[i] = round(x[i] * factor) + zero, for values that fit: the lowest bits of a sum so large that
// its unit is 1.
HWY_INLINE void round_to_bytes(const float* x, int64_t count, float factor, float zero,
                               uint8_t* to) {
  const Lanes lanes;
  const hn::Rebind<uint8_t, Lanes> bytes;
  const hn::Rebind<uint32_t, Lanes> words;
  const Vector factors = hn::Set(lanes, factor), shift = hn::Set(lanes, 0x1.8p23f + zero);
  narrow(x, count, to, [&](Vector values) HWY_ATTR {
    return hn::TruncateTo(bytes, hn::BitCast(words, hn::MulAdd(values, factors, shift)));
  });
}

// 0 where the inverse would not be finite: such rows count as zeroes.
float inverse(float scale) { return scale > 1e-30f ? 1 / scale : 0; }

void quantize_rows(ConstView x, float zero, uint8_t* to, int64_t to_stride, float* scales) {
  for (int64_t row = 0; row < x.size(0); ++row) {
    const float* const from = x.data + row * x.stride(0);
    scales[row] = max_magnitude(from, x.size(1)) / 127;
    round_to_bytes(from, x.size(1), inverse(scales[row]), zero, to + row * to_stride);
  }
}

// Rounds to nearest, ties to even, by the bits.
void to_bf16(const float* x, int64_t count, uint16_t* to) {
  const hn::Rebind<uint32_t, Lanes> words;
  const hn::Rebind<int32_t, Lanes> integers;
  const hn::Rebind<uint16_t, Lanes> halves;
  narrow(x, count, to, [&](Vector values) HWY_ATTR {
    const auto bits = hn::BitCast(words, values);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(words, 1));
    const auto sum = hn::Add(hn::Add(bits, hn::Set(words, 0x7fff)), odd);
    return hn::DemoteTo(halves, hn::BitCast(integers, hn::ShiftRight<16>(sum)));
  });
}

// y = activation(value(m, i, count) + bias)
template <typename Value>
HWY_INLINE void finish(View y, std::span<const float> bias, Activation activation,
                       const Value& value) {
  const Lanes lanes;
  const int64_t columns = y.size(1);
  with_activation(activation, [&](auto function) HWY_ATTR {
    for (int64_t m = 0; m < y.size(0); ++m) {
      float* const row = y.row(m).data();
      for_each_vector(
          columns,
          [&](int64_t i) HWY_ATTR {
            const Vector sum = hn::Add(value(m, i, lane_count), hn::LoadU(lanes, bias.data() + i));
            hn::StoreU(function(sum), lanes, row + i);
          },
          [&](int64_t i, int64_t rest) HWY_ATTR {
            const Vector sum = hn::Add(value(m, i, rest), load_part(bias.data() + i, rest));
            store_part(function(sum), row + i, rest);
          });
    }
  });
}

void finish_s32(const int32_t* sums, const float* x_scales, const Dequantization& how, View y) {
  const Lanes lanes;
  const hn::Rebind<int32_t, Lanes> integers;
  const int64_t columns = y.size(1);
  const auto load_integers = [&](const int32_t* from, int64_t count) HWY_ATTR {
    return hn::BitCast(integers, load_part(reinterpret_cast<const float*>(from), count));
  };
  finish(y, how.bias, how.activation, [&](int64_t m, int64_t i, int64_t count) HWY_ATTR {
    const auto centred = hn::Sub(load_integers(sums + m * columns + i, count),
                                 load_integers(how.offset.data() + i, count));
    const Vector scale =
        hn::Mul(load_part(how.scale.data() + i, count), hn::Set(lanes, x_scales[m]));
    return hn::Mul(hn::ConvertTo(lanes, centred), scale);
  });
}

void finish_f32(const float* sums, std::span<const float> bias, Activation activation, View y) {
  const int64_t columns = y.size(1);
  finish(y, bias, activation, [&](int64_t m, int64_t i, int64_t count) HWY_ATTR {
    return load_part(sums + m * columns + i, count);
  });
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(to_bf16);
HWY_EXPORT(quantize_rows);
HWY_EXPORT(finish_s32);
HWY_EXPORT(finish_f32);

namespace {

ConstView as_row(std::span<const float> x) {
  const auto count = static_cast<int64_t>(x.size());
  return ConstView(x.data(), {1, count}, {count, 1});
}

}  // namespace

void round_to_bf16(std::span<const float> x, uint16_t* to) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(to_bf16)(x.data(), static_cast<int64_t>(x.size()), to);
}

void quantize_rows_to_u8(ConstView x, uint8_t* to, int64_t to_stride, float* scales) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(quantize_rows)(x, 128, to, to_stride, scales);
}

float quantize_to_u8(std::span<const float> x, uint8_t* to) {
  float scale = 0;
  quantize_rows_to_u8(as_row(x), to, 0, &scale);
  return scale;
}

float quantize_to_s8(std::span<const float> x, int8_t* to) {
  settle_instruction_set();
  float scale = 0;
  HWY_DYNAMIC_DISPATCH(quantize_rows)(as_row(x), 0, reinterpret_cast<uint8_t*>(to), 0, &scale);
  return scale;
}

void dequantize(const int32_t* sums, const float* x_scales, const Dequantization& how, View y) {
  HWY_DYNAMIC_DISPATCH(finish_s32)(sums, x_scales, how, y);
}

void add_bias(const float* sums, std::span<const float> bias, Activation activation, View y) {
  HWY_DYNAMIC_DISPATCH(finish_f32)(sums, bias, activation, y);
}

}  // namespace locus::ops
#endif  // HWY_ONCE
