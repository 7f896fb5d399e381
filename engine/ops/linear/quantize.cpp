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

float largest_magnitude(const float* x, int64_t count) {
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

// to[i] = round(x[i] * factor) + zero, for values that fit.
template <typename Byte>
HWY_INLINE void round_to_bytes(const float* x, int64_t count, float factor, Byte* to) {
  const Lanes lanes;
  const hn::Rebind<Byte, Lanes> bytes;
  const hn::Rebind<int32_t, Lanes> integers;
  const auto zero = hn::Set(integers, std::is_unsigned_v<Byte> ? 128 : 0);
  const Vector factors = hn::Set(lanes, factor);
  narrow(x, count, to, [&](Vector values) HWY_ATTR {
    return hn::DemoteTo(bytes, hn::Add(hn::NearestInt(hn::Mul(values, factors)), zero));
  });
}

void to_u8(const float* x, int64_t count, float factor, uint8_t* to) {
  round_to_bytes(x, count, factor, to);
}

void to_s8(const float* x, int64_t count, float factor, int8_t* to) {
  round_to_bytes(x, count, factor, to);
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

HWY_EXPORT(largest_magnitude);
HWY_EXPORT(to_bf16);
HWY_EXPORT(to_u8);
HWY_EXPORT(to_s8);
HWY_EXPORT(finish_s32);
HWY_EXPORT(finish_f32);

namespace {

float scale_of(std::span<const float> x) {
  settle_instruction_set();
  const auto count = static_cast<int64_t>(x.size());
  return HWY_DYNAMIC_DISPATCH(largest_magnitude)(x.data(), count) / 127;
}

// 0 where the inverse would not be finite: such rows count as zeroes.
float inverse(float scale) { return scale > 1e-30f ? 1 / scale : 0; }

}  // namespace

void round_to_bf16(std::span<const float> x, uint16_t* to) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(to_bf16)(x.data(), static_cast<int64_t>(x.size()), to);
}

float quantize_to_u8(std::span<const float> x, uint8_t* to) {
  const float scale = scale_of(x);
  HWY_DYNAMIC_DISPATCH(to_u8)(x.data(), static_cast<int64_t>(x.size()), inverse(scale), to);
  return scale;
}

float quantize_to_s8(std::span<const float> x, int8_t* to) {
  const float scale = scale_of(x);
  HWY_DYNAMIC_DISPATCH(to_s8)(x.data(), static_cast<int64_t>(x.size()), inverse(scale), to);
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
