#include "base/float16.hpp"

#include <bit>
#include <cassert>
#include <cstring>

namespace locus {
namespace {

constexpr uint32_t exponent_unit = 1u << 23;

uint32_t load(const std::byte* stored) {
  uint16_t value;
  std::memcpy(&value, stored, sizeof value);
  return value;
}

// Without branches and without subnormal operands, so that the loop is vectorised and does not
// depend on the processor's denormal mode.
float f16_to_f32(uint32_t half) {
  const uint32_t exponent = half & 0x7c00u;
  const uint32_t rebased = ((half & 0x7fffu) << 13) + (127 - 15) * exponent_unit;
  const uint32_t special = rebased + (128 - 16) * exponent_unit;  // infinity and NaN
  // A subnormal m 2^-24 is (2^-14 + m 2^-24) - 2^-14.
  const uint32_t subnormal =
      std::bit_cast<uint32_t>(std::bit_cast<float>(rebased + exponent_unit) - 0x1p-14f);
  uint32_t bits = exponent == 0x7c00u ? special : rebased;
  bits = exponent == 0 ? subnormal : bits;
  return std::bit_cast<float>(bits | (half & 0x8000u) << 16);
}

// Rounds bits away from a value's lower end: to nearest, ties to even.
uint32_t drop_bits(uint32_t bits, int count) {
  const uint32_t odd = (bits >> count) & 1;
  return (bits + ((1u << (count - 1)) - 1) + odd) >> count;
}

}  // namespace

void widen_f16(std::span<const std::byte> stored, std::span<float> values) {
  assert(stored.size() == 2 * values.size());
  const std::byte* source = stored.data();
  for (size_t i = 0; i < values.size(); ++i) values[i] = f16_to_f32(load(source + 2 * i));
}

void widen_bf16(std::span<const std::byte> stored, std::span<float> values) {
  assert(stored.size() == 2 * values.size());
  const std::byte* source = stored.data();
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = std::bit_cast<float>(load(source + 2 * i) << 16);
  }
}

uint16_t round_to_f16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16) & 0x8000u;
  const uint32_t magnitude = bits & 0x7fffffffu;
  uint32_t half;
  if (magnitude > 0x7f800000u) {
    half = 0x7e00u;  // NaN
  } else if (magnitude >= std::bit_cast<uint32_t>(65536.0f)) {
    half = 0x7c00u;  // infinity
  } else if (magnitude < std::bit_cast<uint32_t>(0x1p-14f)) {
    // The sum's last place is 2^-24, the unit of subnormals: the addition rounds.
    const float sum = std::bit_cast<float>(magnitude) + 0.5f;
    half = std::bit_cast<uint32_t>(sum) - std::bit_cast<uint32_t>(0.5f);
  } else {
    half = drop_bits(magnitude - (127 - 15) * exponent_unit, 13);
  }
  return static_cast<uint16_t>(sign | half);
}

uint16_t round_to_bf16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<uint16_t>(bits >> 16 | 0x40u);
  return static_cast<uint16_t>(drop_bits(bits, 16));
}

}  // namespace locus
