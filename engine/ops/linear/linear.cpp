// Which implementation a linear map gets.
#include "engine/ops/linear/low_precision_linear.hpp"
#include "engine/ops/linear/packed_linear.hpp"
#include "engine/ops/onednn/onednn.hpp"
#include "engine/ops/simd/dispatch.hpp"

namespace locus::ops {

// Our own loops are used in f32, and in bf16 and int8 where AVX-512 has the instructions: they
// equal or beat oneDNN's primitives from 1 to 512 rows, need no compilation or padding for each
// number of rows, and give a row the same bits in any batch. oneDNN is used for what they lack:
// tiles (AMX).
std::unique_ptr<PackedLinear> pack_linear(const LinearWeights& weights) {
  settle_instruction_set();
  if (weights.precision == Precision::bf16 && onednn::native(onednn::Operands::bf16)) {
    return pack_linear_bf16(weights);
  }
  if (weights.precision == Precision::int8 && onednn::native(onednn::Operands::u8s8)) {
    return pack_linear_int8(weights);
  }
  return pack_linear_f32(weights);
}

}  // namespace locus::ops
