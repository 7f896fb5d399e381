#include <cmath>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/positions/mechanisms/window_bias.hpp"

namespace locus::positions {
namespace {

const char* const continuous_name = "continuous_window";

// sign(c) log2(1 + |c|) / log2(8), where c is 8 at the window's far side.
float logarithmic(int64_t offset, int64_t window) {
  const double scaled = window > 1 ? 8.0 * static_cast<double>(offset) / (window - 1.0) : 0;
  return static_cast<float>(std::copysign(std::log2(1 + std::abs(scaled)) / 3, scaled));
}

// [(2 M - 1)^2, 2]
Tensor offsets_of(int64_t size, int64_t trained) {
  const int64_t side = 2 * size - 1;
  Tensor offsets({side * side, 2});
  for (int64_t y = 0; y < side; ++y) {
    for (int64_t x = 0; x < side; ++x) {
      offsets.view()(y * side + x, 0) = logarithmic(y - size + 1, trained);
      offsets.view()(y * side + x, 1) = logarithmic(x - size + 1, trained);
    }
  }
  return offsets;
}

struct Network {
  Tensor hidden, hidden_bias, output;  // [F, 2], [F], [H, F]
};

// 16 sigmoid(W2 relu(W1 c + b)), [H, offsets]
Tensor biases_of(const Tensor& offsets, const Network& network) {
  const int64_t rows = offsets.shape()[0], width = network.hidden.shape()[0];
  Tensor middle({rows, width});
  ops::multiply_transposed(offsets.view(), network.hidden.view(), middle.view());
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < width; ++column) {
      float& value = middle.view()(row, column);
      value = std::max(0.0f, value + network.hidden_bias.data()[column]);
    }
  }
  Tensor table({network.output.shape()[0], rows});
  ops::multiply_transposed(network.output.view(), middle.view(), table.view());
  for (float& value : table.values()) value = 16 / (1 + std::exp(-value));
  return table;
}

std::shared_ptr<const PositionalEncoding> make_continuous_window(const Attributes& attributes,
                                                                 SchemeWeights& weights,
                                                                 const SchemeContext& context) {
  WindowParts parts = window_parts(continuous_name, attributes, context);
  const Settings settings(continuous_name, attributes);
  const int64_t trained = settings.integer("pretrained", {.min = 0, .max = 1024});
  if (trained == 1) throw Error(continuous_name, "pretrained to be 0 or at least 2", "1");
  const int64_t width = settings.integer("hidden", {.min = 1, .max = 65536});
  Network network{weights.take("hidden", {width, 2}, {}), weights.take("hidden_bias", {width}, {}),
                  weights.take("output", {context.heads, width}, {})};
  parts.table = biases_of(offsets_of(parts.size, trained > 0 ? trained : parts.size), network);
  return std::make_shared<WindowBias>(std::move(parts));
}

}  // namespace

// Weights `hidden` [F, 2], `hidden_bias` [F] and `output` [H, F]; initially normal, deviation 0.02.
Scheme continuous_window() {
  Scheme row;
  row.name = continuous_name;
  row.summary = "a bias for each head by a small network of the logarithms of rows and columns";
  row.source = "Liu et al. 2022, Swin Transformer V2, section 3.3";
  row.parameters = {
      {"size", int64_t{0}, "cells along a side of the window; 0: as many as the capacity needs"},
      {"pretrained", int64_t{0}, "cells along a side that the network was trained with; 0: size"},
      {"hidden", int64_t{512}, "width of the network, F"}};
  row.traits.learned = true;
  row.traits.limited = true;
  row.traits.absolute = true;  // of one axis: a step over the window's edge is another offset
  row.traits.planar = true;
  row.make = make_continuous_window;
  return row;
}

}  // namespace locus::positions
