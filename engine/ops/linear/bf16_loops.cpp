#include "engine/ops/linear/bf16_loops.hpp"

#include <algorithm>
#include <cstring>

#include "engine/ops/linear/row_groups.hpp"
#include "engine/ops/onednn/onednn.hpp"
#include "engine/ops/simd/dispatch.hpp"
#include "hwy/base.h"

#if HWY_ARCH_X86_64

// Highway knows no target with these instructions.
#include <immintrin.h>

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")
namespace locus::ops::bf16 {
namespace {

using Product = dot::DotProduct<float>;

struct Sums {
  using Vector = __m512;
  static Vector begin(const Product& product, int64_t i, int64_t j, __mmask16 inside) {
    if (product.start == nullptr) return _mm512_setzero_ps();
    return _mm512_maskz_loadu_ps(inside, product.start + i * product.c_stride + j * dot::lanes);
  }
  static void end(const Product& product, int64_t i, int64_t j, __mmask16 inside, Vector sums) {
    _mm512_mask_storeu_ps(product.c + i * product.c_stride + j * dot::lanes, inside, sums);
  }
  static Vector add(Vector sums, __m512i a, __m512i b) {
    return _mm512_dpbf16_ps(sums, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
  }
};

#include "engine/ops/linear/dot_loops.hpp"

struct Words {
  using Vector = __m512i;
  using Sums = __m512;
  static constexpr int64_t width = dot::lanes;

  static Sums zero() { return _mm512_setzero_ps(); }
  static Vector load(const float* from) { return _mm512_loadu_si512(from); }
  static Sums add(Sums sums, Vector a, Vector b) { return bf16::Sums::add(sums, a, b); }
  static void finish(float* c, int64_t count, float factor, Sums sums) {
    const __mmask16 inside = first_lanes(count);
    const __m512 before = _mm512_maskz_loadu_ps(inside, c);
    _mm512_mask_storeu_ps(c, inside, _mm512_fmadd_ps(_mm512_set1_ps(factor), sums, before));
  }
};

#include "engine/ops/linear/diagonal_loops.hpp"

__m512 load_part(const float* from, int64_t rest) {
  return _mm512_maskz_loadu_ps(first_lanes(rest), from);
}

void pair_neighbours(const float* row, int64_t count, dot::Word* to) {
  for (int64_t i = 0; i < count; i += 2 * dot::lanes) {
    const int64_t rest = count - i;
    const __m512 low = load_part(row + i, rest);
    const __m512 high = rest > dot::lanes ? load_part(row + i + dot::lanes, rest - dot::lanes)
                                          : _mm512_setzero_ps();
    _mm512_mask_storeu_epi32(to + i / 2, first_lanes((rest + 1) / 2),
                             reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
  }
}

void pair_rows(const float* row, const float* next, int64_t count, dot::Word* to) {
  for (int64_t i = 0; i < count; i += dot::lanes) {
    const __m512 low = load_part(row + i, count - i);
    const __m512 high = next == nullptr ? _mm512_setzero_ps() : load_part(next + i, count - i);
    const auto halves = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
    // Forms with a mask: GCC warns of the others' undefined operand.
    const __m512i lower = _mm512_maskz_cvtepu16_epi32(
                      all, _mm512_maskz_extracti64x4_epi64(0xff, halves, 0)),
                  upper = _mm512_maskz_cvtepu16_epi32(
                      all, _mm512_maskz_extracti64x4_epi64(0xff, halves, 1));
    _mm512_storeu_si512(to + i, _mm512_or_si512(lower, _mm512_maskz_slli_epi32(all, upper, 16)));
  }
}

}  // namespace
}  // namespace locus::ops::bf16
HWY_POP_ATTRIBUTES

namespace locus::ops::bf16 {

const PairLoops* loops() {
  static constexpr PairLoops found{multiply_columns<max_vectors>, add_diagonals, pair_neighbours,
                                   pair_rows};
  settle_instruction_set();
  return onednn::native(onednn::Operands::bf16) ? &found : nullptr;
}

}  // namespace locus::ops::bf16

#else

namespace locus::ops::bf16 {

const PairLoops* loops() { return nullptr; }

}  // namespace locus::ops::bf16

#endif
