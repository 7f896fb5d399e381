#include "engine/ops/linear/low_precision_linear.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "engine/ops/linear/bf16_loops.hpp"
#include "engine/ops/linear/int8_loops.hpp"
#include "engine/ops/linear/quantize.hpp"
#include "engine/ops/linear/word_panels.hpp"
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
ProductWeights product_weights(const LinearWeights& weights, const Round& round) {
  const WeightRows& matrix = weights.weight;
  const auto write = [&](const ProductWeights::Part& part, Tensor& room) {
    const ConstView rows = matrix.read(part.first, part.first + part.count, room);
    for (int64_t row = 0; row < part.count; ++row) {
      round(part.first + row, rows.row(row),
            static_cast<std::byte*>(part.to) + row * part.row_bytes);
    }
  };
  return {matrix.outputs(), matrix.inputs(), write, weights.team};
}

/// In tiles of AMX a product is oneDNN's; with vectors our own loops, if there are any, spare its
/// calls and fetch weights from memory while they multiply others.
template <typename Sum>
std::unique_ptr<Panels> pack(onednn::Operands operands, dot::Multiply<Sum> own,
                             const ProductWeights& weights) {
  if (own == nullptr || onednn::instruction_set() == "amx") return onednn::pack(operands, weights);
  return pack_words(own, weights);
}

constexpr int64_t max_tile_rows = 128;

// How a product is cut into tiles: by its shape alone, never by the number of threads.
struct PanelTiles {
  int64_t panels;  // of a tile
  int64_t column_tiles;
  int64_t row_tiles;
};

PanelTiles tiles_of(const Panels& panels, int64_t rows) {
  constexpr int64_t min_tile = int64_t{1} << 18;  // multiply-adds: far more than handing it out
  // Reading a panel from memory costs as much as some eight rows of arithmetic.
  const int64_t work = std::max<int64_t>(8, rows) * panels.depth() * panels.width();
  const int64_t wanted = std::min((min_tile + work - 1) / work, panels.count());
  return {wanted, (panels.count() + wanted - 1) / wanted,
          (rows + max_tile_rows - 1) / max_tile_rows};
}

// One product in tiles of rows and panels, after all rows have been converted. What is converted
// and how sums become results is the derived class's.
template <typename Input, typename Sum>
class LowPrecisionLinear : public PackedLinear {
 public:
  int64_t inputs() const override { return inputs_; }
  int64_t outputs() const override { return outputs_; }

  void apply(ConstView x, View y, Team& team) const override {
    const int64_t rows = x.size(0);
    if (rows == 0) return;
    const Batch batch = converted(x, team);
    const PanelTiles tiles = tiles_of(*panels_, rows);
    const auto multiply_tile = [&](int64_t index, int) {
      const int64_t row = index / tiles.column_tiles * max_tile_rows;
      const int64_t panel = index % tiles.column_tiles * tiles.panels;
      const int64_t end = std::min(rows, row + max_tile_rows);
      // Threads take tiles in turn, so that this one most likely gets the tile after the others'.
      const int64_t after = panel + tiles.panels * team.size();
      multiply(panel, std::min(panels_->count(), panel + tiles.panels), after,
               batch.from(row, panels_->depth()), y.slice(0, row, end));
    };
    team.parallel(tiles.row_tiles * tiles.column_tiles, std::ref(multiply_tile));
  }

 protected:
  explicit LowPrecisionLinear(const LinearWeights& weights)
      : inputs_(weights.weight.inputs()),
        outputs_(weights.weight.outputs()),
        bias_(outputs_),
        activation_(weights.activation) {
    std::copy(weights.bias.begin(), weights.bias.end(), bias_.begin());
  }

  // Returns the row's scale.
  virtual float convert(std::span<const float> x, Input* to) const = 0;
  // Results of the columns from `column` on, of y's width. sums: [rows, columns]
  virtual void finish(const Sum* sums, const float* scales, int64_t column, View y) const = 0;

  int64_t inputs_;
  int64_t outputs_;
  std::vector<float> bias_;  // [N]
  Activation activation_;
  std::unique_ptr<Panels> panels_;

 private:
  static constexpr int64_t rows_at_once = 16;

  struct Batch {
    Input* values;  // [M and room for padding, depth]
    float* scales;  // [M]
    Batch from(int64_t row, int64_t depth) const { return {values + row * depth, scales + row}; }
  };

  Batch converted(ConstView x, Team& team) const {
    thread_local std::vector<Input> values;
    thread_local std::vector<float> scales;
    const int64_t rows = x.size(0), depth = panels_->depth();
    const int64_t whole = (rows - 1) / panels_->max_rows() * panels_->max_rows();
    const int64_t room = whole + panels_->padded_rows(rows - whole);
    const Batch batch{reused(values, room * depth), reused(scales, rows)};
    const auto convert_rows = [&](int64_t index, int) {
      const int64_t end = std::min(rows, (index + 1) * rows_at_once);
      for (int64_t m = index * rows_at_once; m < end; ++m) {
        Input* const row = batch.values + m * depth;
        batch.scales[m] = convert(x.row(m), row);
        std::fill(row + inputs_, row + depth, Input{0});
      }
    };
    team.parallel((rows + rows_at_once - 1) / rows_at_once, std::ref(convert_rows));
    return batch;
  }

  // Panels [panel, end) for all rows of y and of the batch.
  void multiply(int64_t panel, int64_t end, int64_t after, const Batch& batch, View y) const {
    for (; panel < end; ++panel) {
      const int64_t column = panel * panels_->width();
      multiply(panel, panel + 1 < end ? panel + 1 : after, batch,
               y.slice(1, column, std::min(outputs_, column + panels_->width())));
    }
  }
  void multiply(int64_t panel, int64_t next, const Batch& batch, View y) const {
    thread_local std::vector<Sum> memory;
    const int64_t block_rows = std::min(y.size(0), panels_->max_rows());
    Sum* const sums = reused(memory, panels_->padded_rows(block_rows) * y.size(1));
    for (int64_t row = 0; row < y.size(0); row += block_rows) {
      const int64_t rows = std::min(block_rows, y.size(0) - row);
      const Batch part = batch.from(row, panels_->depth());
      panels_->multiply(panel, rows, part.values, sums, row == 0 ? next : panels_->count());
      finish(sums, part.scales, panel * panels_->width(), y.slice(0, row, row + rows));
    }
  }
};

class Bf16Linear final : public LowPrecisionLinear<uint16_t, float> {
 public:
  explicit Bf16Linear(const LinearWeights& weights) : LowPrecisionLinear(weights) {
    const auto round = [&](int64_t, std::span<const float> row, void* to) {
      round_to_bf16(row, static_cast<uint16_t*>(to));
    };
    loops_ = bf16::loops();
    panels_ = pack(onednn::Operands::bf16, loops_ == nullptr ? nullptr : loops_->multiply,
                   product_weights(weights, round));
    if (panels_->depth() % 2 != 0) loops_ = nullptr;  // a row's last pair would reach into the next
  }

  int64_t bytes() const override {
    return panels_->bytes() + static_cast<int64_t>(bias_.size() * sizeof(float));
  }
  Precision precision() const override { return Precision::bf16; }

 private:
  float convert(std::span<const float> x, uint16_t* to) const override {
    if (loops_ == nullptr) {
      round_to_bf16(x, to);
    } else {
      loops_->pair_neighbours(x.data(), std::ssize(x), reinterpret_cast<dot::Word*>(to));
    }
    return 1;
  }
  void finish(const float* sums, const float*, int64_t column, View y) const override {
    add_bias(sums, std::span(bias_).subspan(column, y.size(1)), activation_, y);
  }

  const bf16::PairLoops* loops_ = nullptr;
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
    panels_ = pack(onednn::Operands::u8s8, int8::multiply(), product_weights(weights, round));
  }

  int64_t bytes() const override {
    return panels_->bytes() + outputs_ * int64_t{2 * sizeof(float) + sizeof(int32_t)};
  }
  Precision precision() const override { return Precision::int8; }

 private:
  float convert(std::span<const float> x, uint8_t* to) const override {
    return quantize_to_u8(x, to);
  }
  void finish(const int32_t* sums, const float* scales, int64_t column, View y) const override {
    const auto of = [&](const auto& all) { return std::span(all).subspan(column, y.size(1)); };
    dequantize(sums, scales, {of(offset_), of(scale_), of(bias_), activation_}, y);
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
