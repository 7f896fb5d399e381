// The two 16-bit floating-point formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace locus {

/// Values of IEEE 754 half precision; exact, subnormals, infinities and NaN included. `stored` may
/// begin at any address and holds two bytes for each value of `values`.
void widen_f16(std::span<const std::byte> stored, std::span<float> values);
/// The upper halves of f32 values; exact.
void widen_bf16(std::span<const std::byte> stored, std::span<float> values);

/// Rounded to nearest, ties to even; beyond the range infinity; NaN stays NaN.
uint16_t round_to_f16(float value);
uint16_t round_to_bf16(float value);

}  // namespace locus
