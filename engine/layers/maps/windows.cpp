// Shifted windows: Liu et al. 2021, Swin Transformer, section 3.2.
#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"
#include "engine/layers/maps/pieces.hpp"

namespace locus::layers {
namespace {

/// Cells [begin, end) of the windows' plane along one axis.
struct Band {
  int64_t begin, end;
};

/// How windows lie on one map.
struct Windows {
  MapSize map;
  int64_t side;   ///< of a window
  int64_t shift;  ///< of the first window from the map's corner, down and along

  /// Cells that the windows of an axis have together: what lies beyond the map is padding.
  int64_t extent(int64_t cells) const { return (cells + side - 1) / side * side; }

  /// A shifted window at the far edge goes on at the near one: what it holds of each side is not
  /// neighbours and does not see each other.
  std::vector<Band> bands(int64_t cells) const {
    std::vector<Band> all;
    for (int64_t begin = 0; begin < extent(cells); begin += side) {
      all.push_back({begin, begin + side});
    }
    if (shift == 0) return all;
    const int64_t edge = extent(cells) - shift;
    all.back().end = edge;
    all.push_back({edge, edge + shift});
    return all;
  }

  /// The cell of the map, or nothing in the padding.
  int64_t row(int64_t down, int64_t along) const {
    const int64_t y = (down + shift) % extent(map.height), x = (along + shift) % extent(map.width);
    return y < map.height && x < map.width ? y * map.width + x : session::Rows::nowhere;
  }
};

/// What a node says of all maps.
struct WindowRules {
  int64_t size, shift;
  bool shrinks;  ///< to the shorter side of a map that no more than one window fits on

  std::string text() const {
    return std::to_string(size) + " " + std::to_string(shift) + (shrinks ? "" : " padded");
  }
  /// A window as wide as the map is not shifted, as transformers has it.
  Windows on(const MapSize& map) const {
    const int64_t shorter = std::min(map.height, map.width);
    return shrinks && shorter <= size ? Windows{map, shorter, 0} : Windows{map, size, shift};
  }
};

WindowRules rules_of(const NodeReader& reader) {
  const std::string small = reader.text("small_maps", "shrink");
  if (small != "shrink" && small != "pad") {
    throw Error(reader.name(), "small_maps to shrink windows or to pad them", "'" + small + "'");
  }
  const WindowRules rules{reader.positive("size"), reader.integer("shift", 0), small == "shrink"};
  if (rules.shift < 0 || rules.shift >= rules.size) {
    throw Error(reader.name(), "a shift below " + std::to_string(rules.size),
                std::to_string(rules.shift));
  }
  return rules;
}

/// Writes windows down as sequences.
class WindowWriter {
 public:
  /// `first`: the map's first row.
  WindowWriter(const Windows& windows, int64_t first, session::Rows& to)
      : windows_(windows), first_(first), to_(to) {}

  void write() const {
    for (const Band& rows : windows_.bands(windows_.map.height)) {
      for (const Band& columns : windows_.bands(windows_.map.width)) add(rows, columns);
    }
  }

 private:
  /// A window, or a part of one whose cells see each other.
  void add(const Band& rows, const Band& columns) const {
    const auto sequence = static_cast<size_t>(to_.sequences());
    if (to_.positions.size() <= sequence) to_.positions.emplace_back();
    std::vector<float>& positions = to_.positions[sequence];
    positions.clear();
    for (int64_t y = rows.begin; y < rows.end; ++y) {
      for (int64_t x = columns.begin; x < columns.end; ++x) {
        const int64_t row = windows_.row(y, x);
        to_.pieces.push_back(row == session::Rows::nowhere ? row : first_ + row);
        positions.insert(positions.end(), {static_cast<float>(y), static_cast<float>(x)});
      }
    }
    to_.offsets.push_back(static_cast<int64_t>(to_.pieces.size()));
  }

  const Windows& windows_;
  int64_t first_;
  session::Rows& to_;
};

/// Puts the rows of windows back to where they were cut from.
class Restore : public Layer {
 public:
  explicit Restore(int64_t width) : width_(width) {}
  int64_t width() const override { return width_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override {
    for_rows(run, run.rows.count(), width_, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t place = run.rows.pieces[row];
        if (place == session::Rows::nowhere) continue;  // the padding's own
        std::ranges::copy(inputs[0].row(row), outputs[0].row(place).begin());
      }
    });
  }

 private:
  int64_t width_;
};

}  // namespace

std::unique_ptr<Layer> make_windows(const NodeReader& reader) {
  const WindowRules rules = rules_of(reader);
  Layout layout;
  layout.name = "windows " + rules.text();
  layout.cuts = true;
  layout.axes = 2;
  layout.lay_out = [rules](const session::Rows& from, session::Rows& to) {
    for (int64_t sequence = 0; sequence < from.sequences(); ++sequence) {
      const Windows windows = rules.on(from.maps[sequence]);
      WindowWriter(windows, from.offsets[sequence], to).write();
    }
  };
  return std::make_unique<Pieces>(std::move(layout), 1, reader.input_width());
}

std::unique_ptr<Layer> make_restore(const NodeReader& reader) {
  return std::make_unique<Restore>(reader.input_width());
}

}  // namespace locus::layers
