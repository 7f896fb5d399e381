#include "engine/ops/linear/int8_loops.hpp"

#include <algorithm>
#include <cstring>

#include "engine/ops/linear/row_groups.hpp"
#include "engine/ops/onednn/onednn.hpp"
#include "engine/ops/simd/dispatch.hpp"
#include "hwy/base.h"

#if HWY_ARCH_X86_64

// Highway 1.0 has no products of this kind.
#include <immintrin.h>

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")
namespace locus::ops::int8 {
namespace {

struct Integers {
  // Of 16 values rather than __m512i's 8: GCC moves the latter to memory and back at every sum.
  typedef int32_t Vector __attribute__((vector_size(64)));
  static Vector load(__mmask16 inside, const int32_t* from) {
    return reinterpret_cast<Vector>(_mm512_maskz_loadu_epi32(inside, from));
  }
  static Vector add(Vector sums, __m512i a, __m512i b) {
    return reinterpret_cast<Vector>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), a, b));
  }
};

namespace plain {

using Product = dot::DotProduct<int32_t>;

struct Sums : Integers {
  static Vector begin(const Product& product, int64_t i, int64_t j, __mmask16 inside) {
    if (product.start == nullptr) return Vector{};
    return load(inside, product.start + i * product.c_stride + j * dot::lanes);
  }
  static void end(const Product& product, int64_t i, int64_t j, __mmask16 inside, Vector sums) {
    _mm512_mask_storeu_epi32(product.c + i * product.c_stride + j * dot::lanes, inside,
                             reinterpret_cast<__m512i>(sums));
  }
};

#include "engine/ops/linear/dot_loops.hpp"

}  // namespace plain

namespace scaled {

using Product = dot::ScaledProduct;

struct Sums : Integers {
  static Vector begin(const Product& product, int64_t, int64_t j, __mmask16 inside) {
    return load(inside, product.column_start + j * dot::lanes);
  }
  static void end(const Product& product, int64_t i, int64_t j, __mmask16 inside, Vector sums) {
    const __m512 columns = _mm512_maskz_loadu_ps(inside, product.column_scale + j * dot::lanes);
    const __m512 scale = _mm512_mul_ps(columns, _mm512_set1_ps(product.row_scale[i]));
    // With a mask: GCC warns of the other form's undefined operand.
    const __m512 values = _mm512_maskz_cvtepi32_ps(inside, reinterpret_cast<__m512i>(sums));
    _mm512_mask_storeu_ps(product.c + i * product.c_stride + j * dot::lanes, inside,
                          _mm512_mul_ps(values, scale));
  }
};

#include "engine/ops/linear/dot_loops.hpp"

}  // namespace scaled
}  // namespace
}  // namespace locus::ops::int8
HWY_POP_ATTRIBUTES

namespace locus::ops::int8 {

dot::Multiply<int32_t> multiply() {
  settle_instruction_set();
  return onednn::native(onednn::Operands::u8s8) ? plain::multiply_columns<plain::max_vectors>
                                                : nullptr;
}

dot::MultiplyAs<dot::ScaledProduct> multiply_scaled() {
  settle_instruction_set();
  return onednn::native(onednn::Operands::u8s8) ? scaled::multiply_columns<scaled::max_vectors>
                                                : nullptr;
}

}  // namespace locus::ops::int8

#else

namespace locus::ops::int8 {

dot::Multiply<int32_t> multiply() { return nullptr; }

dot::MultiplyAs<dot::ScaledProduct> multiply_scaled() { return nullptr; }

}  // namespace locus::ops::int8

#endif
