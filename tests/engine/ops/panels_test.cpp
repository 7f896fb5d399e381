#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/ops/linear/bf16_loops.hpp"
#include "engine/ops/linear/int8_loops.hpp"
#include "engine/ops/linear/word_panels.hpp"
#include "engine/ops/onednn/onednn.hpp"
#include "engine/tensor.hpp"

namespace locus {
namespace {

// Bytes that stand for weights, x and everything else that is multiplied, small enough as bf16.
std::vector<uint8_t> some_bytes(int64_t count, bool bf16) {
  std::vector<uint8_t> bytes(static_cast<size_t>(count));
  uint32_t state = 1;
  for (size_t i = 0; i < bytes.size(); ++i) {
    state = state * 1664525 + 1013904223;
    const bool high = i % 2 == 1;  // sign and exponent: values from 0.5 to 2
    bytes[i] = static_cast<uint8_t>(bf16 && high ? 0x3f | (state >> 24 & 0x80) : state >> 24);
  }
  return bytes;
}

// Sums of 4 bytes each, panel after panel, by calls of as many rows as the panels take.
std::vector<uint32_t> sums_of(const ops::Panels& panels, int64_t rows,
                              const ops::ProductWeights& of, const std::vector<uint8_t>& x,
                              int64_t row_bytes) {
  std::vector<uint32_t> sums(static_cast<size_t>(rows * of.outputs));
  const int64_t depth_bytes = row_bytes / of.inputs * panels.depth();
  for (int64_t row = 0; row < rows; row += panels.max_rows()) {
    const int64_t count = std::min(rows - row, panels.max_rows());
    std::vector<uint8_t> padded(static_cast<size_t>(panels.padded_rows(count) * depth_bytes));
    for (int64_t m = 0; m < count; ++m) {
      std::copy_n(x.data() + (row + m) * row_bytes, row_bytes, padded.data() + m * depth_bytes);
    }
    for (int64_t panel = 0; panel < panels.count(); ++panel) {
      const int64_t column = panel * panels.width();
      const int64_t width = std::min(panels.width(), of.outputs - column);
      std::vector<uint32_t> part(static_cast<size_t>(panels.padded_rows(count) * width));
      panels.multiply(panel, count, padded.data(), part.data(), panel + 1);
      for (int64_t m = 0; m < count; ++m) {
        std::copy_n(part.data() + m * width, width, sums.data() + (row + m) * of.outputs + column);
      }
    }
  }
  return sums;
}

// Of sums as floats, over the largest of them.
double difference(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  float largest = 0, difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto x = std::bit_cast<float>(a[i]), y = std::bit_cast<float>(b[i]);
    largest = std::max(largest, std::abs(y));
    difference = std::max(difference, std::abs(x - y));
  }
  return difference / largest;
}

TEST_CASE("our own loops add what oneDNN adds, integers bit for bit") {
  for (const bool bf16 : {false, true}) {
    if (bf16 ? ops::bf16::loops() == nullptr : ops::int8::multiply() == nullptr) continue;
    for (const Shape& shape :
         {Shape{1, 768, 64}, Shape{37, 76, 200}, Shape{130, 60, 12}, Shape{7, 1536, 130}}) {
      const int64_t rows = shape[0], inputs = shape[1], outputs = shape[2];
      CAPTURE(bf16);
      CAPTURE(rows);
      CAPTURE(inputs);
      const int64_t row_bytes = inputs * (bf16 ? 2 : 1);
      const auto weights = some_bytes(outputs * row_bytes, bf16),
                 x = some_bytes(rows * row_bytes, bf16);
      const ops::ProductWeights from{
          outputs, inputs, [&](const ops::ProductWeights::Part& part, Tensor&) {
            for (int64_t n = 0; n < part.count; ++n) {
              std::copy_n(weights.data() + (part.first + n) * row_bytes, row_bytes,
                          static_cast<uint8_t*>(part.to) + n * part.row_bytes);
            }
          }};
      const auto theirs =
          onednn::pack(bf16 ? onednn::Operands::bf16 : onednn::Operands::u8s8, from);
      const auto own = bf16 ? ops::pack_words(ops::bf16::loops()->multiply, from)
                            : ops::pack_words(ops::int8::multiply(), from);
      const auto found = sums_of(*own, rows, from, x, row_bytes);
      const auto expected = sums_of(*theirs, rows, from, x, row_bytes);
      if (bf16) CHECK(difference(found, expected) < 1e-5);  // oneDNN adds deep ones in parts
      if (!bf16) CHECK(found == expected);
    }
  }
}

}  // namespace
}  // namespace locus
