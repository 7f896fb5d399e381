// What the vector loops share. Compiled once for each instruction set by Highway's foreach_target:
// hence the guard that toggles, and no `#pragma once`.
#if defined(LOCUS_ENGINE_OPS_SIMD_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCUS_ENGINE_OPS_SIMD_HPP
#undef LOCUS_ENGINE_OPS_SIMD_HPP
#else
#define LOCUS_ENGINE_OPS_SIMD_HPP
#endif

#include <algorithm>
#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::ScalableTag<float>;
using Vector = hn::Vec<Lanes>;

constexpr int64_t lane_count = hn::MaxLanes(Lanes());

constexpr bool masked_access_may_fault = HWY_MEM_OPS_MIGHT_FAULT;

// The first `count` lanes from memory, zero in the others; reads nothing beyond them.
inline Vector load_part(const float* from, int64_t count) {
  const Lanes lanes;
  if constexpr (masked_access_may_fault) {
    HWY_ALIGN float buffer[lane_count] = {};
    std::copy_n(from, count, buffer);
    return hn::Load(lanes, buffer);
  }
  return hn::MaskedLoad(hn::FirstN(lanes, static_cast<size_t>(count)), lanes, from);
}

inline void store_part(Vector values, float* to, int64_t count) {
  const Lanes lanes;
  if constexpr (masked_access_may_fault) {
    HWY_ALIGN float buffer[lane_count];
    hn::Store(values, lanes, buffer);
    std::copy_n(buffer, count, to);
  } else {
    hn::BlendedStore(values, hn::FirstN(lanes, static_cast<size_t>(count)), lanes, to);
  }
}

// Calls `whole(i)` for every full vector of [0, count) and `part(i, rest)` for what remains.
template <typename Whole, typename Part>
HWY_INLINE void for_each_vector(int64_t count, const Whole& whole, const Part& part) {
  int64_t i = 0;
  for (; i + lane_count <= count; i += lane_count) whole(i);
  if (i < count) part(i, count - i);
}

// to[i] = function(from[i])
template <typename Function>
HWY_INLINE void map(const float* from, float* to, int64_t count, const Function& function) {
  const Lanes lanes;
  for_each_vector(
      count,
      [&](int64_t i) HWY_ATTR { hn::StoreU(function(hn::LoadU(lanes, from + i)), lanes, to + i); },
      [&](int64_t i, int64_t rest)
          HWY_ATTR { store_part(function(load_part(from + i, rest)), to + i, rest); });
}

// to[i] = function(a[i], b[i], c[i])
template <typename Function>
HWY_INLINE void map(const float* a, const float* b, const float* c, float* to, int64_t count,
                    const Function& function) {
  const Lanes lanes;
  for_each_vector(
      count,
      [&](int64_t i) HWY_ATTR {
        hn::StoreU(
            function(hn::LoadU(lanes, a + i), hn::LoadU(lanes, b + i), hn::LoadU(lanes, c + i)),
            lanes, to + i);
      },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        store_part(function(load_part(a + i, rest), load_part(b + i, rest), load_part(c + i, rest)),
                   to + i, rest);
      });
}

// to[i] = function(a[i], b[i])
template <typename Function>
HWY_INLINE void map(const float* a, const float* b, float* to, int64_t count,
                    const Function& function) {
  const Lanes lanes;
  for_each_vector(
      count,
      [&](int64_t i) HWY_ATTR {
        hn::StoreU(function(hn::LoadU(lanes, a + i), hn::LoadU(lanes, b + i)), lanes, to + i);
      },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        store_part(function(load_part(a + i, rest), load_part(b + i, rest)), to + i, rest);
      });
}

// exp(x) for x up to 88, with a relative error of 2^-23. Below -87 it is 0 and not a denormal
// number, because products with those are slow. x = n ln 2 + r, and exp(r) = 1 + r + r^2 p(r),
// where p is a minimax polynomial of our own.
HWY_INLINE Vector exponential(Vector x) {
  const Lanes lanes;
  const hn::RebindToSigned<Lanes> integers;
  const Vector shift = hn::Set(lanes, 0x1.8p23f);  // leaves n in the lowest bits
  const Vector shifted = hn::MulAdd(x, hn::Set(lanes, 1.44269504f), shift);
  const Vector n = hn::Sub(shifted, shift);
  Vector r = hn::MulAdd(n, hn::Set(lanes, -0x1.62e4p-1f), x);  // n times this is exact
  r = hn::MulAdd(n, hn::Set(lanes, -1.42860677e-6f), r);
  Vector sum = hn::Set(lanes, 0.00138145988f);
  for (float term : {0.00836871658f, 0.0416683890f, 0.166665211f, 0.499999940f, 1.0f, 1.0f}) {
    sum = hn::MulAdd(sum, r, hn::Set(lanes, term));
  }
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(integers, shifted));
  const Vector power = hn::BitCast(lanes, hn::Add(hn::BitCast(integers, sum), exponent));
  return hn::IfThenZeroElse(hn::Lt(x, hn::Set(lanes, -87.0f)), power);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#endif  // LOCUS_ENGINE_OPS_SIMD_HPP
