#include "engine/ops/linear/low_precision_linear.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "engine/ops/linear/quantize.hpp"
#include "engine/ops/onednn/onednn.hpp"

namespace locus::ops {
namespace {

// Memory of a thread that grows to the largest need and is then reused.
template <typename T>
T* reused(std::vector<T>& memory, int64_t count) {
  if (static_cast<int64_t>(memory.size()) < count) memory.resize(count);
  return memory.data();
}

/// Weights of a product whose rows `round(n, row, to)` writes.
template <typename Round>
onednn::ProductWeights product_weights(const WeightRows& weights, const Round& round) {
  return {weights.outputs(), weights.inputs(),
          [&weights, &round, room = std::make_shared<Tensor>()](int64_t first, int64_t count,
                                                                void* to, int64_t row_bytes) {
            const ConstView rows = weights.read(first, first + count, *room);
            for (int64_t row = 0; row < count; ++row) {
              round(first + row, rows.row(row), static_cast<std::byte*>(to) + row * row_bytes);
            }
          }};
}

// One product in tiles of rows and panels, after all rows have been converted. What is converted
// and how sums become results is the derived class's.
template <typename Input, typename Sum>
class LowPrecisionLinear : public PackedLinear {
 public:
  int64_t inputs() const override { return inputs_; }
  int64_t outputs() const override { return outputs_; }

  void apply(ConstView x, View y, Team& team) const override {
    thread_local std::vector<Input> converted;
    thread_local std::vector<float> scales;
    const int64_t rows = x.size(0);
    const int64_t tiles = (rows + onednn::max_rows - 1) / onednn::max_rows;
    if (rows == 0) return;
    const int64_t whole = (tiles - 1) * onednn::max_rows;
    const int64_t room = whole + onednn::padded_rows(rows - whole);
    const Batch batch{reused(converted, room * inputs_), reused(scales, rows)};
    const auto convert_rows = [&](int64_t index, int) {
      const int64_t end = std::min(rows, (index + 1) * rows_at_once);
      for (int64_t m = index * rows_at_once; m < end; ++m) {
        batch.scales[m] = convert(x.row(m), batch.values + m * inputs_);
      }
    };
    const auto multiply_tile = [&](int64_t index, int) {
      const int64_t row = index / panels_->count() * onednn::max_rows;
      const int64_t end = std::min(rows, row + onednn::max_rows);
      multiply(index % panels_->count(), batch, row, y.slice(0, row, end));
    };
    team.parallel((rows + rows_at_once - 1) / rows_at_once, std::ref(convert_rows));
    team.parallel(tiles * panels_->count(), std::ref(multiply_tile));
  }

 protected:
  LowPrecisionLinear(const LinearWeights& weights)
      : inputs_(weights.weight.inputs()),
        outputs_(weights.weight.outputs()),
        bias_(outputs_),
        activation_(weights.activation) {
    std::copy(weights.bias.begin(), weights.bias.end(), bias_.begin());
  }

  // Returns the row's scale.
  virtual float convert(std::span<const float> x, Input* to) const = 0;
  // Results of the columns from `column` on.
  virtual void finish(const Sum* sums, float scale, int64_t column, std::span<float> y) const = 0;

  int64_t inputs_;
  int64_t outputs_;
  std::vector<float> bias_;  // [N]
  Activation activation_;
  std::unique_ptr<onednn::Panels> panels_;

 private:
  static constexpr int64_t rows_at_once = 16;

  struct Batch {
    Input* values;  // [M and room for padding, K]
    float* scales;  // [M]
  };

  void multiply(int64_t panel, const Batch& batch, int64_t row, View y) const {
    thread_local std::vector<Sum> memory;
    const int64_t rows = y.size(0);
    const int64_t column = panel * panels_->width();
    const int64_t columns = std::min(outputs_ - column, panels_->width());
    Sum* sums = reused(memory, onednn::padded_rows(rows) * columns);
    panels_->multiply(panel, rows, batch.values + row * inputs_, sums);
    for (int64_t m = 0; m < rows; ++m) {
      finish(sums + m * columns, batch.scales[row + m], column, y.row(m).subspan(column, columns));
    }
  }
};

class Bf16Linear final : public LowPrecisionLinear<uint16_t, float> {
 public:
  explicit Bf16Linear(const LinearWeights& weights) : LowPrecisionLinear(weights) {
    const auto round = [&](int64_t, std::span<const float> row, void* to) {
      round_to_bf16(row, static_cast<uint16_t*>(to));
    };
    panels_ = onednn::pack(onednn::Operands::bf16, product_weights(weights.weight, round));
  }

  int64_t bytes() const override {
    return panels_->bytes() + static_cast<int64_t>(bias_.size() * sizeof(float));
  }
  Precision precision() const override { return Precision::bf16; }

 private:
  float convert(std::span<const float> x, uint16_t* to) const override {
    round_to_bf16(x, to);
    return 1;
  }
  void finish(const float* sums, float, int64_t column, std::span<float> y) const override {
    add_bias(sums, std::span(bias_).subspan(column, y.size()), activation_, y);
  }
};

class Int8Linear final : public LowPrecisionLinear<uint8_t, int32_t> {
 public:
  explicit Int8Linear(const LinearWeights& weights)
      : LowPrecisionLinear(weights), scale_(outputs_), offset_(outputs_) {
    const auto round = [&](int64_t n, std::span<const float> row, void* to) {
      auto* const rounded = static_cast<int8_t*>(to);
      scale_[n] = quantize_to_s8(row, rounded);
      // Inputs are stored with 128 added, which vpdpbusd wants unsigned.
      for (int64_t k = 0; k < inputs_; ++k) offset_[n] += 128 * rounded[k];
    };
    panels_ = onednn::pack(onednn::Operands::u8s8, product_weights(weights.weight, round));
  }

  int64_t bytes() const override {
    return panels_->bytes() + outputs_ * int64_t{2 * sizeof(float) + sizeof(int32_t)};
  }
  Precision precision() const override { return Precision::int8; }

 private:
  float convert(std::span<const float> x, uint8_t* to) const override {
    return quantize_to_u8(x, to);
  }
  void finish(const int32_t* sums, float scale, int64_t column, std::span<float> y) const override {
    dequantize(
        sums, scale,
        {std::span(offset_).subspan(column, y.size()), std::span(scale_).subspan(column, y.size()),
         std::span(bias_).subspan(column, y.size()), activation_},
        y);
  }

  std::vector<float> scale_;     // [N]
  std::vector<int32_t> offset_;  // [N]
};

}  // namespace

std::unique_ptr<PackedLinear> pack_linear_bf16(const LinearWeights& weights) {
  return std::make_unique<Bf16Linear>(weights);
}

std::unique_ptr<PackedLinear> pack_linear_int8(const LinearWeights& weights) {
  return std::make_unique<Int8Linear>(weights);
}

}  // namespace locus::ops
