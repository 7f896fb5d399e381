#include "engine/ops/packed_linear.hpp"

#include <algorithm>

#include "engine/ops/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/packed_linear.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd_activation.hpp"
#include "engine/ops/simd_product.hpp"
#include "engine/ops/simd_transpose.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus {
namespace HWY_NAMESPACE {

constexpr int64_t panel_vectors = 3;

// Deep products are cut so that a panel's piece stays in the L2 cache while all rows pass by it.
constexpr int64_t deepest = 384;

int64_t panel_width() { return panel_vectors * lane_count; }

int64_t padded_columns(int64_t columns) {
  return (columns + lane_count - 1) / lane_count * lane_count;
}

// Columns [first, end) of W^T, one panel, from the rows of W.
void pack_panel(ConstView rows, float* to) {
  transpose_padded({rows.data, rows.size(0), rows.size(1), rows.stride(0)}, to,
                   padded_columns(rows.size(0)));
}

void multiply_panels(const PanelProduct& tile) {
  const int64_t inputs = tile.x.size(1);
  for (int64_t k = 0; k < inputs; k += deepest) {
    for (int64_t column = tile.first_column; column < tile.end_column; column += panel_width()) {
      const int64_t columns = std::min(panel_width(), tile.end_column - column);
      Product product;
      product.a = tile.x.data + k;
      product.a_stride = tile.x.stride(0);
      product.b_stride = padded_columns(columns);
      product.b = tile.weight + column * inputs + k * product.b_stride;
      product.c = tile.y.data + column;
      product.c_stride = tile.y.stride(0);
      product.start = k == 0 ? tile.bias + column : product.c;
      product.start_stride = k == 0 ? 0 : product.c_stride;
      product.depth = std::min(deepest, inputs - k);
      multiply_columns<panel_vectors>(tile.x.size(0), columns, product);
    }
  }
  if (tile.activation == Activation::identity) return;
  with_activation(tile.activation, [&](auto function) HWY_ATTR {
    for (int64_t m = 0; m < tile.y.size(0); ++m) {
      float* row = tile.y.row(m).data() + tile.first_column;
      map(row, row, tile.end_column - tile.first_column, function);
    }
  });
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus {
namespace {

HWY_EXPORT(panel_width);
HWY_EXPORT(padded_columns);
HWY_EXPORT(pack_panel);
HWY_EXPORT(multiply_panels);

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// How a product is cut into tiles: by its shape alone, never by the number of threads.
struct Tiling {
  int64_t rows;     // of a tile
  int64_t columns;  // of a tile: whole panels
  int64_t row_tiles;
  int64_t column_tiles;
};

constexpr int64_t most_rows = 128;          // their inputs stay in the L2 cache
constexpr int64_t wanted_tiles = 32;        // enough for many threads to end together
constexpr int64_t least_work = 512 * 1024;  // multiply-adds of a tile: far more than handing it out

Tiling tiling_of(int64_t rows, int64_t inputs, int64_t outputs, int64_t panel) {
  Tiling tiling;
  tiling.row_tiles = divide_up(rows, most_rows);
  tiling.rows = divide_up(rows, std::max<int64_t>(1, tiling.row_tiles));
  const int64_t panels = divide_up(outputs, panel);
  // Reading a panel from memory costs as much as some eight rows of arithmetic.
  const int64_t panel_work = std::max<int64_t>(8, tiling.rows) * inputs * panel;
  const int64_t for_work = divide_up(least_work, std::max<int64_t>(1, panel_work));
  const int64_t for_count = panels * tiling.row_tiles / wanted_tiles;
  tiling.columns = std::max<int64_t>(1, std::max(for_work, for_count)) * panel;
  tiling.column_tiles = divide_up(outputs, tiling.columns);
  return tiling;
}

class PanelLinear final : public PackedLinear {
 public:
  explicit PanelLinear(const LinearWeights& weights)
      : inputs_(weights.weight.size(1)),
        outputs_(weights.weight.size(0)),
        panel_(HWY_DYNAMIC_DISPATCH(panel_width)()),
        activation_(weights.activation),
        multiply_(HWY_DYNAMIC_DISPATCH(multiply_panels)),
        weight_({HWY_DYNAMIC_DISPATCH(padded_columns)(outputs_), inputs_}),
        bias_({divide_up(outputs_, panel_) * panel_}) {
    std::copy(weights.bias.begin(), weights.bias.end(), bias_.data());
    for (int64_t column = 0; column < outputs_; column += panel_) {
      const int64_t end = std::min(outputs_, column + panel_);
      HWY_DYNAMIC_DISPATCH(pack_panel)
      (weights.weight.slice(0, column, end), weight_.data() + column * inputs_);
    }
  }

  int64_t inputs() const override { return inputs_; }
  int64_t outputs() const override { return outputs_; }
  int64_t bytes() const override {
    return (weight_.count() + bias_.count()) * int64_t{sizeof(float)};
  }
  Precision precision() const override { return Precision::f32; }

  void apply(ConstView x, View y, Team& team) const override {
    const Tiling tiling = tiling_of(x.size(0), inputs_, outputs_, panel_);
    team.parallel(tiling.row_tiles * tiling.column_tiles, [&](int64_t index, int) {
      const int64_t row = index / tiling.column_tiles * tiling.rows;
      const int64_t end = std::min(x.size(0), row + tiling.rows);
      const int64_t column = index % tiling.column_tiles * tiling.columns;
      multiply_({x.slice(0, row, end), y.slice(0, row, end), weight_.data(), bias_.data(), column,
                 std::min(outputs_, column + tiling.columns), activation_});
    });
  }

 private:
  int64_t inputs_;
  int64_t outputs_;
  int64_t panel_;
  Activation activation_;
  void (*multiply_)(const PanelProduct&);
  Tensor weight_;  // panels
  Tensor bias_;    // [N] and zeroes
};

}  // namespace

std::unique_ptr<PackedLinear> pack_linear_f32(const LinearWeights& weights) {
  settle_instruction_set();
  return std::make_unique<PanelLinear>(weights);
}

}  // namespace locus
#endif  // HWY_ONCE
