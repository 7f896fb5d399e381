#include "engine/positions/mechanisms/window_bias.hpp"

#include <algorithm>
#include <cmath>

#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/settings.hpp"

namespace locus::positions {
namespace {

int64_t side_of(int64_t cells) {
  auto side = static_cast<int64_t>(std::sqrt(static_cast<double>(cells)));
  while (side * side < cells) ++side;
  return std::max<int64_t>(1, side);
}

}  // namespace

WindowParts window_parts(const std::string& name, const Attributes& attributes,
                         const SchemeContext& context) {
  constexpr int64_t max = 1024;  // their squares index the table exactly
  const int64_t size = Settings(name, attributes).integer("size", {.min = 0, .max = max});
  WindowParts parts{.name = name};
  parts.size = size > 0 ? size : std::min(max, side_of(context.capacity));
  const int64_t cells = parts.size * parts.size;
  parts.max_length = size > 0 ? cells : std::min(cells, std::max<int64_t>(1, context.capacity));
  return parts;
}

void WindowBias::score(View s, ConstView, ConstView, const Block& block) const {  // s [H, Tq, Tk]
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

WindowBias::Cells WindowBias::cells_of(const Positions& positions, Scratch& scratch) const {
  const Cells cells{scratch.values(positions.count), scratch.values(positions.count)};
  for (int64_t row = 0; row < positions.count; ++row) {
    const int64_t first = whole(parts_.name, positions.at(row));
    if (positions.axes == 2) {
      cells.y[row] = static_cast<float>(first);
      cells.x[row] = static_cast<float>(whole(parts_.name, positions.at(row, 1)));
      continue;
    }
    if (first < 0 || first >= parts_.max_length) {
      throw Error(parts_.name, "positions below " + std::to_string(parts_.max_length),
                  std::to_string(first));
    }
    const int64_t line = first / parts_.size;
    cells.y[row] = static_cast<float>(line);
    cells.x[row] = static_cast<float>(first % parts_.size);
  }
  return cells;
}

void WindowBias::check_reach(const Cells& queries, const Cells& keys) const {
  for (const auto& [a, b] : {std::pair{queries.y, keys.y}, {queries.x, keys.x}}) {
    if (a.empty() || b.empty()) continue;
    const auto [a_min, a_max] = std::ranges::minmax(a);
    const auto [b_min, b_max] = std::ranges::minmax(b);
    const float reach = std::max(a_max - b_min, b_max - a_min);
    if (reach < static_cast<float>(parts_.size)) continue;
    throw Error(parts_.name, "offsets below " + std::to_string(parts_.size),
                to_string(Attribute(static_cast<double>(reach))));
  }
}

}  // namespace locus::positions
