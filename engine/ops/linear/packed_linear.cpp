#include "engine/ops/linear/packed_linear.hpp"

#include <algorithm>
#include <functional>

#include "engine/core/parts.hpp"
#include "engine/ops/linear/packed_memory.hpp"
#include "engine/ops/linear/product_loops.hpp"

namespace locus::ops {
namespace {

// Eight rows beside three vectors of columns fill the registers of AVX-512.
constexpr int64_t panel_vectors = 3;

// Deep products are cut so that a panel's piece stays in the L2 cache while all rows pass by it.
constexpr int64_t deepest = 1536;

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// How a product is cut into tiles: by its shape alone, never by the number of threads.
struct Tiling {
  int64_t rows;     // of a tile
  int64_t columns;  // of a tile: whole panels
  int64_t row_tiles;
  int64_t column_tiles;
};

constexpr int64_t max_rows = 512;      // more of them use a panel better
constexpr int64_t min_rows = 64;       // and fewer badly
constexpr int64_t wanted_tiles = 16;   // so that some threads end together
constexpr int64_t min_work = 1 << 19;  // multiply-adds of a tile: far more than handing it out

Tiling tiling_of(int64_t rows, int64_t inputs, int64_t outputs, int64_t panel) {
  const int64_t panels = divide_up(outputs, panel);
  // Reading a panel from memory costs as much as some eight rows of arithmetic.
  const int64_t work = std::max<int64_t>(8, rows) * inputs * outputs;
  const int64_t max_tiles = std::max<int64_t>(1, work / min_work);
  const int64_t for_tiles = divide_up(std::min(wanted_tiles, max_tiles), panels);
  Tiling tiling;
  tiling.row_tiles =
      std::max(divide_up(rows, max_rows), std::min(divide_up(rows, min_rows), for_tiles));
  tiling.rows = divide_up(rows, std::max<int64_t>(1, tiling.row_tiles));
  tiling.columns = divide_up(panels * tiling.row_tiles, max_tiles) * panel;
  tiling.column_tiles = divide_up(outputs, std::max(panel, tiling.columns));
  return tiling;
}

// W^T in panels: groups of columns as wide as a few vectors, each [K, width], one after the other.
// The last one is as wide as it needs to be, in whole vectors.
class PanelLinear final : public PackedLinear {
 public:
  explicit PanelLinear(const LinearWeights& weights)
      : inputs_(weights.weight.inputs()),
        outputs_(weights.weight.outputs()),
        activation_(weights.activation),
        loops_(product_loops()),
        panel_(panel_vectors * loops_.lanes),
        weight_(loops_.padded(outputs_) * inputs_ * int64_t{sizeof(float)}),
        bias_({loops_.padded(outputs_)}) {
    std::copy(weights.bias.begin(), weights.bias.end(), bias_.data());
    const auto pack = [&](int64_t panel, Tensor& room) {
      const int64_t column = panel * panel_;
      const int64_t columns = std::min(panel_, outputs_ - column);
      const ConstView rows = weights.weight.read(column, column + columns, room);
      loops_.transpose({rows.data, columns, inputs_, rows.stride(0)}, panel_at(column),
                       loops_.padded(columns), loops_.padded(columns));
    };
    core::for_each_part<Tensor>(divide_up(outputs_, panel_), weights.team, pack);
  }

  int64_t inputs() const override { return inputs_; }
  int64_t outputs() const override { return outputs_; }
  int64_t bytes() const override {
    return weight_.bytes() + bias_.count() * int64_t{sizeof(float)};
  }
  Precision precision() const override { return Precision::f32; }

  void apply(ConstView x, View y, Team& team) const override {
    const Tiling tiling = tiling_of(x.size(0), inputs_, outputs_, panel_);
    const auto work = [&](int64_t index, int) {
      const int64_t row = index / tiling.column_tiles * tiling.rows;
      const int64_t column = index % tiling.column_tiles * tiling.columns;
      const int64_t end = std::min(x.size(0), row + tiling.rows);
      // Threads take tiles in turn, so that this one most likely gets the tile after the others'.
      multiply_tile(x.slice(0, row, end), y.slice(0, row, end),
                    {column, std::min(outputs_, column + tiling.columns),
                     column + tiling.columns * team.size()});
    };
    team.parallel(tiling.row_tiles * tiling.column_tiles, std::ref(work));
  }

 private:
  float* panel_at(int64_t column) const {
    return static_cast<float*>(weight_.data()) + column * inputs_;
  }

  /// Columns [first, end) of y: whole panels. `after`: where the next tile begins.
  struct Columns {
    int64_t first, end, after;
  };
  void multiply_tile(ConstView x, View y, const Columns& tile) const {
    for (int64_t k = 0; k < inputs_; k += deepest) {
      const bool last = k + deepest >= inputs_;
      for (int64_t column = tile.first; column < tile.end; column += panel_) {
        const bool goes_on = column + panel_ < tile.end;
        const float* const next = goes_on ? piece_at(column + panel_, k)
                                  : last  ? piece_at(tile.after, 0)
                                          : piece_at(tile.first, k + deepest);
        multiply_piece(x, y, k, column, next);
      }
    }
    ops::activate(y.slice(1, tile.first, tile.end), activation_);
  }

  // From k on; null where there is no whole panel as deep as the first piece.
  const float* piece_at(int64_t column, int64_t k) const {
    if (column + panel_ > outputs_ || k + std::min(deepest, inputs_) > inputs_) return nullptr;
    return panel_at(column) + k * panel_;
  }

  // Adds one panel's part from k on.
  void multiply_piece(ConstView x, View y, int64_t k, int64_t column, const float* next) const {
    const int64_t columns = std::min(panel_, outputs_ - column);
    Product product;
    product.a = x.data + k;
    product.a_stride = x.stride(0);
    product.b_stride = loops_.padded(columns);
    product.b = panel_at(column) + k * product.b_stride;
    product.c = y.data + column;
    product.c_stride = y.stride(0);
    product.start = k == 0 ? bias_.data() + column : product.c;
    product.start_stride = k == 0 ? 0 : product.c_stride;
    product.depth = std::min(deepest, inputs_ - k);
    product.next = next;
    loops_.multiply(x.size(0), columns, product);
  }

  int64_t inputs_;
  int64_t outputs_;
  Activation activation_;
  const ProductLoops& loops_;
  int64_t panel_;        // columns
  PackedMemory weight_;  // panels
  Tensor bias_;          // [N] and zeroes
};

}  // namespace

std::unique_ptr<PackedLinear> pack_linear_f32(const LinearWeights& weights) {
  return std::make_unique<PanelLinear>(weights);
}

}  // namespace locus::ops
