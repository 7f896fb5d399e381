#include "base/error.hpp"
#include "engine/layers/makers.hpp"
#include "engine/layers/maps/pieces.hpp"

namespace locus::layers {
namespace {

/// A map cut into rectangles, each of which becomes a row.
struct PatchCutter {
  std::string who;
  MapSize patch;
  MapSize grid;     ///< of patches that a map must have; 0: any
  bool by_columns;  ///< whether a patch's cells follow each other down its columns

  void lay_out(const session::Rows& from, session::Rows& to) const {
    for (int64_t sequence = 0; sequence < from.sequences(); ++sequence) {
      const MapSize size = from.maps[sequence];
      const MapSize cut{(size.height + patch.height - 1) / patch.height,
                        (size.width + patch.width - 1) / patch.width};
      check(cut);
      for (int64_t y = 0; y < cut.height; ++y) {
        for (int64_t x = 0; x < cut.width; ++x) {
          add({size, from.offsets[sequence]}, y * patch.height, x * patch.width, to);
        }
      }
      to.maps.push_back(cut);
      to.offsets.push_back(to.offsets.back() + cut.height * cut.width);
    }
  }

 private:
  void check(const MapSize& cut) const {
    if (grid.height == 0 || cut == grid) return;
    const auto text = [](const MapSize& map) {
      return std::to_string(map.height) + " x " + std::to_string(map.width);
    };
    throw Error(who, "a map of " + text(grid) + " patches", text(cut));
  }

  struct Map {
    MapSize size;
    int64_t first;  // its first row
  };

  /// The cells of the patch whose first is (top, left); beyond the map's edge lies nothing.
  void add(const Map& map, int64_t top, int64_t left, session::Rows& to) const {
    const int64_t cells = patch.height * patch.width;
    for (int64_t cell = 0; cell < cells; ++cell) {
      const int64_t down = by_columns ? cell % patch.height : cell / patch.width;
      const int64_t along = by_columns ? cell / patch.height : cell % patch.width;
      const int64_t y = top + down, x = left + along;
      const bool inside = y < map.size.height && x < map.size.width;
      to.pieces.push_back(inside ? map.first + y * map.size.width + x : session::Rows::nowhere);
    }
  }
};

PatchCutter read_cutter(const NodeReader& reader) {
  constexpr int64_t max = 4096;  // bounds a row's pieces
  PatchCutter cutter{reader.name(),
                     {reader.positive("height"), reader.positive("width")},
                     {reader.integer("rows", 0), reader.integer("columns", 0)},
                     false};
  if (cutter.patch.height > max || cutter.patch.width > max) {
    throw Error(reader.name(), "patches of at most " + std::to_string(max) + " cells a side",
                std::to_string(std::max(cutter.patch.height, cutter.patch.width)));
  }
  const std::string order = reader.text("order", "rows");
  if (order != "rows" && order != "columns") {
    throw Error(reader.name(), "an order by rows or columns", "'" + order + "'");
  }
  cutter.by_columns = order == "columns";
  return cutter;
}

}  // namespace

std::unique_ptr<Layer> make_patches(const NodeReader& reader) {
  const PatchCutter cutter = read_cutter(reader);
  Layout layout;
  layout.name = reader.name();
  layout.mapped = true;
  layout.lay_out = [cutter](const session::Rows& from, session::Rows& to) {
    cutter.lay_out(from, to);
  };
  return std::make_unique<Pieces>(std::move(layout), cutter.patch.height * cutter.patch.width,
                                  reader.input_width());
}

}  // namespace locus::layers
