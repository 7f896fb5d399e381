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

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace locus {
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

// 0 below -87, where a denormal would stand: products with denormals are slow.
HWY_INLINE Vector exponential(Vector x) {
  const Lanes lanes;
  return hn::IfThenElseZero(hn::Ge(x, hn::Set(lanes, -87.0f)), hn::Exp(lanes, x));
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus
HWY_AFTER_NAMESPACE();

#endif  // LOCUS_ENGINE_OPS_SIMD_HPP
