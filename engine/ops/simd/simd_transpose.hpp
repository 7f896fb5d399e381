// Transposition of a matrix. Compiled once for each instruction set, as simd.hpp is.
#if defined(LOCUS_ENGINE_OPS_SIMD_TRANSPOSE_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCUS_ENGINE_OPS_SIMD_TRANSPOSE_HPP
#undef LOCUS_ENGINE_OPS_SIMD_TRANSPOSE_HPP
#else
#define LOCUS_ENGINE_OPS_SIMD_TRANSPOSE_HPP
#endif

#include "engine/ops/linear/product_loops.hpp"
#include "engine/ops/simd/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

// to[k, n] = from[n, k]
inline void transpose_plainly(const MatrixRows& from, float* to, int64_t to_stride) {
  for (int64_t n = 0; n < from.rows; ++n) {
    for (int64_t k = 0; k < from.columns; ++k)
      to[k * to_stride + n] = from.data[n * from.stride + k];
  }
}

#if HWY_TARGET == HWY_SCALAR

inline void transpose(const MatrixRows& from, float* to, int64_t to_stride) {
  transpose_plainly(from, to, to_stride);
}

#else

// A vector whose 128-bit blocks start at from, from + 4 strides, from + 8 strides, ...
template <int64_t lanes>
HWY_INLINE hn::Vec<hn::FixedTag<float, lanes>> load_blocks(const float* from, int64_t stride) {
  if constexpr (lanes == 4) {
    return hn::LoadU(hn::FixedTag<float, 4>(), from);
  } else {
    return hn::Combine(hn::FixedTag<float, lanes>(),
                       load_blocks<lanes / 2>(from + lanes / 2 * stride, stride),
                       load_blocks<lanes / 2>(from, stride));
  }
}

// For one vector of n and four values of k.
HWY_INLINE void transpose_block(const float* from, int64_t stride, float* to, int64_t to_stride) {
  const Lanes singles;
  const hn::Repartition<uint64_t, Lanes> pairs;
  const Vector row0 = load_blocks<lane_count>(from, stride);
  const Vector row1 = load_blocks<lane_count>(from + stride, stride);
  const Vector row2 = load_blocks<lane_count>(from + 2 * stride, stride);
  const Vector row3 = load_blocks<lane_count>(from + 3 * stride, stride);
  const auto lower01 = hn::BitCast(pairs, hn::InterleaveLower(singles, row0, row1));
  const auto lower23 = hn::BitCast(pairs, hn::InterleaveLower(singles, row2, row3));
  const auto upper01 = hn::BitCast(pairs, hn::InterleaveUpper(singles, row0, row1));
  const auto upper23 = hn::BitCast(pairs, hn::InterleaveUpper(singles, row2, row3));
  const auto store = [&](auto values, int64_t k) HWY_ATTR {
    hn::StoreU(hn::BitCast(singles, values), singles, to + k * to_stride);
  };
  store(hn::InterleaveLower(pairs, lower01, lower23), 0);
  store(hn::InterleaveUpper(pairs, lower01, lower23), 1);
  store(hn::InterleaveLower(pairs, upper01, upper23), 2);
  store(hn::InterleaveUpper(pairs, upper01, upper23), 3);
}

inline void transpose(const MatrixRows& from, float* to, int64_t to_stride) {
  const int64_t rows = from.rows / lane_count * lane_count;
  const int64_t columns = from.columns / 4 * 4;
  for (int64_t n = 0; n < rows; n += lane_count) {
    for (int64_t k = 0; k < columns; k += 4) {
      transpose_block(from.data + n * from.stride + k, from.stride, to + k * to_stride + n,
                      to_stride);
    }
  }
  transpose_plainly({from.data + columns, rows, from.columns - columns, from.stride},
                    to + columns * to_stride, to_stride);
  transpose_plainly({from.data + rows * from.stride, from.rows - rows, from.columns, from.stride},
                    to + rows, to_stride);
}

#endif  // HWY_TARGET

// Transposes, and writes 0 for n in [from.rows, width).
inline void transpose_padded(const MatrixRows& from, float* to, int64_t to_stride, int64_t width) {
  transpose(from, to, to_stride);
  for (int64_t k = 0; k < from.columns && from.rows < width; ++k) {
    std::fill(to + k * to_stride + from.rows, to + k * to_stride + width, 0.0f);
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#endif  // LOCUS_ENGINE_OPS_SIMD_TRANSPOSE_HPP
