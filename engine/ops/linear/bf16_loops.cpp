#include "engine/ops/linear/bf16_loops.hpp"

#include "engine/ops/onednn/onednn.hpp"
#include "engine/ops/simd/dispatch.hpp"
#include "hwy/base.h"

#if HWY_ARCH_X86_64

// Highway knows no target with these instructions.
#include <immintrin.h>

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")
namespace locus::ops::bf16 {
namespace {

constexpr __mmask16 all = 0xffff;
constexpr int max_vectors = 4;
constexpr int rows_beside(int vectors) { return vectors == max_vectors ? 6 : 8; }

__mmask16 first_lanes(int64_t count) {
  return count >= pair_lanes ? all : static_cast<__mmask16>((1u << count) - 1);
}

template <int rows, int vectors>
HWY_NOINLINE void multiply_block(const PairProduct& product, __mmask16 last) {
  __m512 sums[rows][vectors];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      const __mmask16 inside = j + 1 < vectors ? all : last;
      sums[i][j] = product.start == nullptr
                       ? _mm512_setzero_ps()
                       : _mm512_maskz_loadu_ps(
                             inside, product.start + i * product.c_stride + j * pair_lanes);
    }
  }
  for (int64_t k = 0; k < product.pairs; ++k) {
    __m512i b[vectors];
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      b[j] = _mm512_loadu_si512(product.b + k * product.b_stride + j * pair_lanes);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const __m512i a = _mm512_set1_epi32(static_cast<int>(product.a[i * product.a_stride + k]));
#pragma GCC unroll 16
      for (int j = 0; j < vectors; ++j) {
        sums[i][j] = _mm512_dpbf16_ps(sums[i][j], reinterpret_cast<__m512bh>(a),
                                      reinterpret_cast<__m512bh>(b[j]));
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      const __mmask16 inside = j + 1 < vectors ? all : last;
      _mm512_mask_storeu_ps(product.c + i * product.c_stride + j * pair_lanes, inside, sums[i][j]);
    }
  }
}

// For a number of rows that is known at run time, at most rows_beside(vectors).
template <int vectors, int rows = rows_beside(vectors)>
void multiply_rows(int64_t count, const PairProduct& product, __mmask16 last) {
  if constexpr (rows > 1) {
    if (count < rows) return multiply_rows<vectors, rows - 1>(count, product, last);
  }
  multiply_block<rows, vectors>(product, last);
}

template <int vectors>
void multiply_column(int64_t rows, int64_t columns, PairProduct product) {
  const __mmask16 last = first_lanes(columns - (vectors - 1) * pair_lanes);
  constexpr int64_t max_rows = rows_beside(vectors);
  for (int64_t groups = (rows + max_rows - 1) / max_rows; groups > 0; --groups) {
    const int64_t count = (rows + groups - 1) / groups;
    multiply_rows<vectors>(count, product, last);
    product.a += count * product.a_stride;
    product.c += count * product.c_stride;
    if (product.start != nullptr) product.start += count * product.c_stride;
    rows -= count;
  }
}

template <int vectors = max_vectors>
void multiply_columns(int64_t rows, int64_t columns, const PairProduct& product) {
  if constexpr (vectors > 1) {
    if (columns <= (vectors - 1) * pair_lanes) {
      return multiply_columns<vectors - 1>(rows, columns, product);
    }
  }
  multiply_column<vectors>(rows, columns, product);
}

__m512 load_part(const float* from, int64_t rest) {
  return _mm512_maskz_loadu_ps(first_lanes(rest), from);
}

void pair_neighbours(const float* row, int64_t count, Pair* to) {
  for (int64_t i = 0; i < count; i += 2 * pair_lanes) {
    const int64_t rest = count - i;
    const __m512 low = load_part(row + i, rest);
    const __m512 high = rest > pair_lanes ? load_part(row + i + pair_lanes, rest - pair_lanes)
                                          : _mm512_setzero_ps();
    _mm512_mask_storeu_epi32(to + i / 2, first_lanes((rest + 1) / 2),
                             reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
  }
}

void pair_rows(const float* row, const float* next, int64_t count, Pair* to) {
  for (int64_t i = 0; i < count; i += pair_lanes) {
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
  static constexpr PairLoops found{multiply_columns<max_vectors>, pair_neighbours, pair_rows};
  settle_instruction_set();
  return onednn::native(onednn::Operands::bf16) ? &found : nullptr;
}

}  // namespace locus::ops::bf16

#else

namespace locus::ops::bf16 {

const PairLoops* loops() { return nullptr; }

}  // namespace locus::ops::bf16

#endif
