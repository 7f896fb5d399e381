#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/float16.hpp"

using namespace locus;

namespace {

// The definition (IEEE 754-2008, 3.4), without cleverness.
float half_by_definition(uint32_t bits) {
  const float sign = bits & 0x8000u ? -1.0f : 1.0f;
  const int exponent = static_cast<int>(bits >> 10 & 0x1f);
  const auto fraction = static_cast<float>(bits & 0x3ffu);
  if (exponent == 31) {
    return fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                         : sign * std::numeric_limits<float>::infinity();
  }
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

std::vector<uint16_t> all_patterns() {
  std::vector<uint16_t> patterns(65536);
  for (uint32_t i = 0; i < patterns.size(); ++i) patterns[i] = static_cast<uint16_t>(i);
  return patterns;
}

bool same(float a, float b) {
  return std::isnan(a) ? std::isnan(b) : std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
}

// Rounding by search among all finite values, ties to the pattern that ends in 0.
uint16_t nearest_half(float value) {
  const double magnitude = std::fabs(value);
  uint16_t best = 0;
  for (uint16_t bits = 0; bits < 0x7c00; ++bits) {
    const double difference = std::fabs(magnitude - half_by_definition(bits));
    const double min = std::fabs(magnitude - half_by_definition(best));
    if (difference < min || (difference == min && bits % 2 == 0)) best = bits;
  }
  return static_cast<uint16_t>(best | (std::signbit(value) ? 0x8000 : 0));
}

}  // namespace

TEST_CASE("all 65,536 half-precision values widen exactly, at any address") {
  const auto patterns = all_patterns();
  std::vector<std::byte> shifted(1 + 2 * patterns.size());
  std::memcpy(shifted.data() + 1, patterns.data(), 2 * patterns.size());
  std::vector<float> values(patterns.size());
  widen_f16(std::span<const std::byte>(shifted).subspan(1), values);
  int wrong = 0;
  for (uint32_t i = 0; i < values.size(); ++i) wrong += !same(values[i], half_by_definition(i));
  CHECK(wrong == 0);
}

TEST_CASE("all 65,536 bfloat16 values are the upper halves of f32 values") {
  const auto patterns = all_patterns();
  std::vector<float> values(patterns.size());
  widen_bf16(std::as_bytes(std::span(patterns)), values);
  int wrong = 0;
  for (uint32_t i = 0; i < values.size(); ++i)
    wrong += std::bit_cast<uint32_t>(values[i]) != i << 16;
  CHECK(wrong == 0);
}

TEST_CASE("every value of 16 bits survives widening and rounding") {
  const auto patterns = all_patterns();
  std::vector<float> halves(patterns.size()), brains(patterns.size());
  widen_f16(std::as_bytes(std::span(patterns)), halves);
  widen_bf16(std::as_bytes(std::span(patterns)), brains);
  int wrong = 0;
  for (uint32_t i = 0; i < patterns.size(); ++i) {
    if (!std::isnan(halves[i])) wrong += round_to_f16(halves[i]) != i;
    if (!std::isnan(brains[i])) wrong += round_to_bf16(brains[i]) != i;
  }
  CHECK(wrong == 0);
}

TEST_CASE("rounding to half precision goes to the nearest value, ties to even") {
  const float subnormal = 0x1p-24f;
  const std::vector<float> values{0.0f,
                                  -0.0f,
                                  0.1f,
                                  1.0f / 3,
                                  2049.0f,
                                  2051.0f,
                                  65519.0f,
                                  -65504.0f,
                                  0x1p-25f,
                                  0x1.000002p-25f,
                                  0x1p-26f,
                                  1.5f * subnormal,
                                  2.5f * subnormal,
                                  0x1.ffep-15f,
                                  0x1.fffp-15f,
                                  -0x1.ffffp-15f,
                                  1e-40f,
                                  3.14159265f};
  for (float value : values) {
    CAPTURE(value);
    CHECK(round_to_f16(value) == nearest_half(value));
  }
  CHECK(round_to_f16(65520.0f) == 0x7c00);
  CHECK(round_to_f16(-1e30f) == 0xfc00);
  CHECK((round_to_f16(std::numeric_limits<float>::quiet_NaN()) & 0x7fff) == 0x7e00);
}

TEST_CASE("rounding to bfloat16 goes to the nearest value, ties to even") {
  const auto rounded = [](uint32_t bits) { return round_to_bf16(std::bit_cast<float>(bits)); };
  CHECK(rounded(0x3f808000) == 0x3f80);  // a tie goes down to even
  CHECK(rounded(0x3f818000) == 0x3f82);  // a tie goes up to even
  CHECK(rounded(0x3f808001) == 0x3f81);
  CHECK(rounded(0x3f807fff) == 0x3f80);
  CHECK(rounded(0x00008001) == 0x0001);  // subnormal
  CHECK(rounded(0x7f7f7fff) == 0x7f7f);
  CHECK(rounded(0x7f7f8000) == 0x7f80);  // beyond the range
  CHECK(rounded(0x7f800001) == 0x7fc0);  // NaN stays NaN
}
