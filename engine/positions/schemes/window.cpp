#include <algorithm>
#include <cmath>

#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

const char* const window_name = "window";

/// What a window's biases are made of.
struct WindowParts {
  int64_t size = 0;        ///< cells along a side, M
  int64_t max_length = 0;  ///< of positions along one axis, at most M^2
  Tensor table;            ///< [H, (2 M - 1)^2]
};

/// s[h, i, j] += b(h, y_i - y_j, x_i - x_j). Positions of one axis count the window's cells row by
/// row.
class WindowBias : public PositionalEncoding {
 public:
  explicit WindowBias(WindowParts parts) : parts_(std::move(parts)) {}

  int64_t max_length() const override { return parts_.max_length; }

  void score(View s, ConstView, ConstView, const Block& block) const override {  // s [H, Tq, Tk]
    const Scratch::Frame frame(block.scratch);
    const Cells queries = cells_of(block.queries, block.scratch);
    const Cells keys = cells_of(block.keys, block.scratch);
    check_reach(queries, keys);
    const int64_t columns = 2 * parts_.size - 1;
    // Counted from the first key, so that they are small whole numbers wherever the window lies.
    const auto place = [&, y = keys.y[0], x = keys.x[0]](const Cells& cells, int64_t row) {
      return (cells.y[row] - y) * static_cast<float>(columns) + cells.x[row] - x;
    };
    const std::span<float> places = block.scratch.values(s.size(2));  // of keys in the table
    for (int64_t j = 0; j < s.size(2); ++j) places[j] = place(keys, j);
    const int64_t centre = (parts_.size - 1) * (columns + 1);
    for (int64_t h = 0; h < s.size(0); ++h) {
      const float* bias = parts_.table.view().row(block.first_head + h).data() + centre;
      for (int64_t i = 0; i < s.size(1); ++i) {
        const auto row = s[h].row(i);
        const float own = place(queries, i);
        for (size_t j = 0; j < row.size(); ++j) {
          row[j] += bias[static_cast<int64_t>(own - places[j])];
        }
      }
    }
  }

 private:
  struct Cells {
    std::span<float> y, x;
  };

  Cells cells_of(const Positions& positions, Scratch& scratch) const {
    const Cells cells{scratch.values(positions.count), scratch.values(positions.count)};
    for (int64_t row = 0; row < positions.count; ++row) {
      const int64_t first = whole(window_name, positions.at(row));
      if (positions.axes == 2) {
        cells.y[row] = static_cast<float>(first);
        cells.x[row] = static_cast<float>(whole(window_name, positions.at(row, 1)));
        continue;
      }
      if (first < 0 || first >= parts_.max_length) {
        throw Error(window_name, "positions below " + std::to_string(parts_.max_length),
                    std::to_string(first));
      }
      const int64_t line = first / parts_.size;
      cells.y[row] = static_cast<float>(line);
      cells.x[row] = static_cast<float>(first % parts_.size);
    }
    return cells;
  }

  void check_reach(const Cells& queries, const Cells& keys) const {
    for (const auto& [a, b] : {std::pair{queries.y, keys.y}, {queries.x, keys.x}}) {
      if (a.empty() || b.empty()) continue;
      const auto [a_min, a_max] = std::ranges::minmax(a);
      const auto [b_min, b_max] = std::ranges::minmax(b);
      const float reach = std::max(a_max - b_min, b_max - a_min);
      if (reach < static_cast<float>(parts_.size)) continue;
      throw Error(window_name, "offsets below " + std::to_string(parts_.size),
                  to_string(Attribute(static_cast<double>(reach))));
    }
  }

  WindowParts parts_;
};

int64_t side_of(int64_t cells) {
  auto side = static_cast<int64_t>(std::sqrt(static_cast<double>(cells)));
  while (side * side < cells) ++side;
  return std::max<int64_t>(1, side);
}

std::shared_ptr<const PositionalEncoding> make_window(const Attributes& attributes,
                                                      SchemeWeights& weights,
                                                      const SchemeContext& context) {
  const Settings settings(window_name, attributes);
  constexpr int64_t max = 1024;  // their squares index the table exactly
  const int64_t size = settings.integer("size", {.min = 0, .max = max});
  WindowParts parts;
  parts.size = size > 0 ? size : std::min(max, side_of(context.capacity));
  const int64_t cells = parts.size * parts.size;
  parts.max_length = size > 0 ? cells : std::min(cells, std::max<int64_t>(1, context.capacity));
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
