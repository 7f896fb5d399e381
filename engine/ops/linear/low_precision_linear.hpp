// Linear maps whose operands are bf16 or 8-bit integers, multiplied by oneDNN.
#pragma once

#include <memory>

#include "engine/ops/ops.hpp"

namespace locus::ops {

/// Inputs are rounded to bf16; sums, bias and activation are f32.
std::unique_ptr<PackedLinear> pack_linear_bf16(const LinearWeights& weights);

/// Weights have a scale per channel, inputs one per token; sums are exact, the rest is f32.
std::unique_ptr<PackedLinear> pack_linear_int8(const LinearWeights& weights);

}  // namespace locus::ops
