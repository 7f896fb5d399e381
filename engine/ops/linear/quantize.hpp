// The passes over values that surround a product of low precision.
#pragma once

#include <cstdint>
#include <span>

#include "engine/ops/ops.hpp"

namespace locus::ops {

/// Rounds to nearest, ties to even. [n] -> [n]
void round_to_bf16(std::span<const float> x, uint16_t* to);

/// x is about (to - 128) * scale; returns the scale, 0 for zeroes. One scale for the whole row, so
/// that a token's result does not depend on others. [n] -> [n]
float quantize_to_u8(std::span<const float> x, uint8_t* to);
/// `quantize_to_u8` of every row. [M, K] -> [M, K], rows `to_stride` apart, and scales [M]
void quantize_rows_to_u8(ConstView x, uint8_t* to, int64_t to_stride, float* scales);

/// x is about to * scale; returns the scale.
float quantize_to_s8(std::span<const float> x, int8_t* to);

/// Turns s32 sums into y = activation((sums - offset) * x_scale * scale + bias).
struct Dequantization {
  std::span<const int32_t> offset;  ///< [N] 128 times the sum of each channel's weights
  std::span<const float> scale;     ///< [N]
  std::span<const float> bias;      ///< [N]
  Activation activation;
};
/// sums: [M, N], contiguous, x_scales: [M] -> y: [M, N]
void dequantize(const int32_t* sums, const float* x_scales, const Dequantization& how, View y);

/// y = activation(sums + bias). sums: [M, N], contiguous, bias: [N] -> y: [M, N]
void add_bias(const float* sums, std::span<const float> bias, Activation activation, View y);

}  // namespace locus::ops
