#include "engine/ops/linear/int8_loops.hpp"

#include <algorithm>
#include <cstring>

#include "engine/ops/onednn/onednn.hpp"
#include "engine/ops/simd/dispatch.hpp"
#include "hwy/base.h"

#if HWY_ARCH_X86_64

// Highway 1.0 has no products of this kind.
#include <immintrin.h>

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")
namespace locus::ops::int8 {
namespace {

using Product = dot::DotProduct<int32_t>;

struct Sums {
  // Of 16 values rather than __m512i's 8: GCC moves the latter to memory and back at every sum.
  typedef int32_t Vector __attribute__((vector_size(64)));
  static Vector zero() { return Vector{}; }
  static Vector load(__mmask16 inside, const int32_t* from) {
    return reinterpret_cast<Vector>(_mm512_maskz_loadu_epi32(inside, from));
  }
  static void store(int32_t* to, __mmask16 inside, Vector sums) {
    _mm512_mask_storeu_epi32(to, inside, reinterpret_cast<__m512i>(sums));
  }
  static Vector add(Vector sums, __m512i a, __m512i b) {
    return reinterpret_cast<Vector>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), a, b));
  }
};

#include "engine/ops/linear/dot_loops.hpp"

}  // namespace
}  // namespace locus::ops::int8
HWY_POP_ATTRIBUTES

namespace locus::ops::int8 {

dot::Multiply<int32_t> multiply() {
  settle_instruction_set();
  return onednn::native(onednn::Operands::u8s8) ? multiply_columns<max_vectors> : nullptr;
}

}  // namespace locus::ops::int8

#else

namespace locus::ops::int8 {

dot::Multiply<int32_t> multiply() { return nullptr; }

}  // namespace locus::ops::int8

#endif
