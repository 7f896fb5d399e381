// The two 16-bit floating-point formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace locus {

/// The upper halves of f32 values; exact. `stored` may begin at any address and holds two bytes for
/// each value of `values`. (For half precision see `widen_f16` in engine/weights.hpp.)
void widen_bf16(std::span<const std::byte> stored, std::span<float> values);

/// Rounded to nearest, ties to even; beyond the range infinity; NaN stays NaN.
uint16_t round_to_f16(float value);
uint16_t round_to_bf16(float value);

}  // namespace locus
