#include "engine/positions/mechanisms/window_bias.hpp"

namespace locus::positions {
namespace {

const char* const window_name = "window";

std::shared_ptr<const PositionalEncoding> make_window(const Attributes& attributes,
                                                      SchemeWeights& weights,
                                                      const SchemeContext& context) {
  WindowParts parts = window_parts(window_name, attributes, context);
  const int64_t offsets = (2 * parts.size - 1) * (2 * parts.size - 1);
  const Tensor stored = weights.take("table", {offsets, context.heads}, {});
  parts.table = Tensor({context.heads, offsets});
  for (int64_t head = 0; head < context.heads; ++head) {
    for (int64_t row = 0; row < offsets; ++row) {
      parts.table.view()(head, row) = stored.view()(row, head);
    }
  }
  return std::make_shared<WindowBias>(std::move(parts));
}

}  // namespace

// Weight `table` [(2 M - 1)^2, H], row (y + M - 1)(2 M - 1) + x + M - 1 for the offset (y, x) of
// query - key; initially normal, deviation 0.02.
Scheme window() {
  Scheme row;
  row.name = window_name;
  row.summary = "a learned bias for each head and offset of rows and columns in a square window";
  row.source = "Liu et al. 2021, Swin Transformer, section 3.2";
  row.parameters = {
      {"size", int64_t{0}, "cells along a side of the window; 0: as many as the capacity needs"}};
  row.traits.learned = true;
  row.traits.limited = true;
  row.traits.absolute = true;  // of one axis: a step over the window's edge is another offset
  row.traits.planar = true;
  row.make = make_window;
  return row;
}

}  // namespace locus::positions
