#include <bit>
#include <cstdint>
#include <string>

#include "engine/ops/linear/low_precision_linear.hpp"
#include "engine/ops/linear/quantize.hpp"
#include "engine/options.hpp"
#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using tests::Padded;
using tests::relative_error;

bool has(std::initializer_list<const char*> names) {
  const std::string level = instruction_set();
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return level == name; });
}
bool has_vnni() { return has({"avx512_vnni", "avx512_bf16", "amx"}); }
bool has_bf16() { return has({"avx512_bf16", "amx"}); }
// Where bf16 primitives exist at all; without bf16 instructions they are emulated.
bool can_emulate_bf16() { return has_vnni() || has({"avx512"}); }

bool skip_if(bool missing, const char* what) {
  if (missing) MESSAGE("skipped: this instruction set has no " << what);
  return missing;
}
bool lacks_vnni() { return skip_if(!has_vnni(), "8-bit dot products"); }
bool lacks_bf16_primitives() { return skip_if(!can_emulate_bf16(), "bf16 primitives"); }

using Pack = std::unique_ptr<ops::PackedLinear> (*)(const ops::LinearWeights&);

struct Sample {
  Padded weight, bias, x;
  Sample(int64_t rows, int64_t inputs, int64_t outputs)
      : weight(Padded::random(outputs, inputs, 3, 2)),
        bias(Padded::random(1, outputs, 0, 3)),
        x(Padded::random(rows, inputs, 5, 4)) {}

  ops::LinearWeights weights(Activation activation = Activation::identity) const {
    return {weight.view(), bias.view().row(0), activation, Precision::f32};
  }
  Padded apply(Pack pack, Activation activation = Activation::identity, int threads = 2) const {
    Padded y(x.view().size(0), weight.view().size(0), 7);
    Team team(threads);
    pack(weights(activation))->apply(x.view(), y.view(), team);
    CHECK(y.gaps_untouched());
    return y;
  }
};

// Rows rounded to 127 steps of their largest magnitude, as numbers again.
Padded rounded_to_bytes(const Padded& matrix) {
  Padded rounded = matrix;
  for (int64_t i = 0; i < matrix.view().size(0); ++i) {
    const auto row = rounded.view().row(i);
    float largest = 0;
    for (float value : row) largest = std::max(largest, std::abs(value));
    const float scale = largest / 127;
    for (float& value : row) value = std::nearbyint(value * (1 / scale)) * scale;
  }
  return rounded;
}

Padded rounded_to_bf16(const Padded& matrix) {
  Padded rounded = matrix;
  std::vector<uint16_t> bits(matrix.view().size(1));
  for (int64_t i = 0; i < matrix.view().size(0); ++i) {
    const auto row = rounded.view().row(i);
    ops::round_to_bf16(row, bits.data());
    for (size_t j = 0; j < bits.size(); ++j) {
      row[j] = std::bit_cast<float>(static_cast<uint32_t>(bits[j]) << 16);
    }
  }
  return rounded;
}

// The reference over operands that were rounded as the packed map rounds them.
double error_against_rounded(const Sample& sample, Pack pack, Padded (*rounded)(const Padded&)) {
  Sample exact = sample;
  exact.weight = rounded(sample.weight);
  exact.x = rounded(sample.x);
  const Padded expected = exact.apply(reference::pack_linear, Activation::gelu_tanh);
  return relative_error(sample.apply(pack, Activation::gelu_tanh).constant(), expected.constant());
}

TEST_CASE("an 8-bit linear map is exact over the rounded operands on odd shapes") {
  if (lacks_vnni()) return;
  for (int64_t rows : {1, 2, 3, 7, 23, 64, 65, 130}) {
    for (int64_t inputs : {1, 5, 60, 64, 77, 300}) {
      for (int64_t outputs : {1, 12, 60, 77, 300}) {
        CAPTURE(rows);
        CAPTURE(inputs);
        CAPTURE(outputs);
        const Sample sample(rows, inputs, outputs);
        CHECK(error_against_rounded(sample, ops::pack_linear_int8, rounded_to_bytes) < 1e-5);
      }
    }
  }
}

TEST_CASE("8-bit sums do not saturate when every product is the largest") {
  if (lacks_vnni()) return;
  Sample sample(4, 768, 64);
  for (int64_t m = 0; m < 4; ++m) std::ranges::fill(sample.x.view().row(m), m % 2 ? 1.0f : -1.0f);
  for (int64_t n = 0; n < 64; ++n)
    std::ranges::fill(sample.weight.view().row(n), n % 3 ? 1.f : -1.f);
  const Padded expected = sample.apply(reference::pack_linear);
  CHECK(relative_error(sample.apply(ops::pack_linear_int8).constant(), expected.constant()) < 1e-6);
}

TEST_CASE("an 8-bit linear map is within two hundredths of the f32 one") {
  if (lacks_vnni()) return;
  const Sample sample(64, 768, 300);
  const double error = relative_error(sample.apply(ops::pack_linear_int8).constant(),
                                      sample.apply(reference::pack_linear).constant());
  MESSAGE("largest error of int8, relative to the largest value: " << error);
  CHECK(error < 0.02);
}

TEST_CASE("a token's 8-bit scale is its own: other tokens do not change it") {
  if (lacks_vnni()) return;
  Sample sample(9, 100, 70);
  const Padded before = sample.apply(ops::pack_linear_int8);
  for (int64_t m = 1; m < 9; ++m) ops::scale(sample.x.view().slice(0, m, m + 1), 1000);
  const Padded after = sample.apply(ops::pack_linear_int8);
  CHECK(tests::same_bits(before.view().slice(0, 0, 1), after.view().slice(0, 0, 1)));
  CHECK_FALSE(tests::same_bits(before.view(), after.view()));
}

TEST_CASE("a row of zeroes gives the bias in 8 bits") {
  if (lacks_vnni()) return;
  Sample sample(1, 33, 21);
  ops::scale(sample.x.view(), 0);
  CHECK(tests::same_bits(sample.apply(ops::pack_linear_int8).view(), sample.bias.view()));
}

TEST_CASE("a bf16 linear map is exact over the rounded operands on odd shapes") {
  if (lacks_bf16_primitives()) return;
  for (int64_t rows : {1, 3, 7, 23, 65, 130}) {
    for (int64_t inputs : {1, 5, 60, 77, 300}) {
      for (int64_t outputs : {1, 12, 77, 300}) {
        CAPTURE(rows);
        CAPTURE(inputs);
        CAPTURE(outputs);
        const Sample sample(rows, inputs, outputs);
        CHECK(error_against_rounded(sample, ops::pack_linear_bf16, rounded_to_bf16) < 1e-5);
      }
    }
  }
}

TEST_CASE("maps of low precision give the same bits for any number of threads") {
  const Sample sample(150, 768, 500);
  for (Pack pack : {ops::pack_linear_int8, ops::pack_linear_bf16}) {
    if (pack == ops::pack_linear_int8 ? !has_vnni() : !can_emulate_bf16()) continue;
    const Padded alone = sample.apply(pack, Activation::relu, 1);
    CHECK(tests::same_bits(sample.apply(pack, Activation::relu, 2).view(), alone.view()));
    CHECK(tests::same_bits(sample.apply(pack, Activation::relu, 3).view(), alone.view()));
  }
}

TEST_CASE("two threads share a map of low precision") {
  if (lacks_vnni()) return;
  const Sample sample(40, 300, 200);
  const auto linear = ops::pack_linear_int8(sample.weights());
  const Padded expected = sample.apply(ops::pack_linear_int8);
  tests::check_shared(*linear, sample.x, expected);
}

TEST_CASE("a precision that the CPU lacks falls back to f32 and says so") {
  const Sample sample(3, 60, 40);
  for (Precision wanted : {Precision::f32, Precision::bf16, Precision::int8}) {
    ops::LinearWeights weights = sample.weights();
    weights.precision = wanted;
    const bool native = wanted == Precision::bf16 ? has_bf16() : has_vnni();
    const auto linear = ops::pack_linear(weights);
    CHECK(linear->precision() == (native ? wanted : Precision::f32));
    CHECK(linear->inputs() == 60);
    CHECK(linear->outputs() == 40);
  }
}

TEST_CASE("8-bit weights take about a quarter of the memory") {
  if (lacks_vnni()) return;
  const Sample sample(1, 768, 768);
  const int64_t bytes = ops::pack_linear_int8(sample.weights())->bytes();
  CHECK(bytes >= 768 * 768);
  CHECK(bytes < 768 * 768 * 1.1);
}

TEST_CASE("rounding to bf16 takes the nearest, and the even of two equally near") {
  const std::array<float, 5> x{1.0f, 1.00390625f, 1.01171875f, -3.14159265f, 0.0f};
  std::array<uint16_t, 5> bits{};
  ops::round_to_bf16(x, bits.data());
  CHECK(bits == std::array<uint16_t, 5>{0x3f80, 0x3f80, 0x3f82, 0xc049, 0});
}

}  // namespace
}  // namespace locus
