#include "engine/session/sequence_rows.hpp"

#include <cmath>

#include "base/error.hpp"

namespace locus::session {
namespace {

constexpr int64_t max_side = int64_t{1} << 24;  // of a map: the product of two stays exact

void check_finite(const Sequence& sequence, int64_t width) {
  for (size_t index = 0; index < sequence.features.size(); ++index) {
    const float value = sequence.features[index];
    if (std::isfinite(value)) continue;
    throw Error(
        "features", "finite values",
        std::to_string(value) + " in row " + std::to_string(static_cast<int64_t>(index) / width));
  }
}

void check_map(const MapSize& map, int64_t rows) {
  const bool sized = map.height > 0 && map.width > 0 && map.height <= max_side &&
                     map.width <= max_side && map.height * map.width == rows;
  if (sized) return;
  throw Error("batch", "a map of " + std::to_string(rows) + " rows",
              std::to_string(map.height) + " x " + std::to_string(map.width));
}

int64_t count_features(const Sequence& sequence, const GraphInput& input) {
  if (!sequence.ids.empty() || !sequence.type_ids.empty()) {
    throw Error("batch", "rows of " + std::to_string(input.width) + " features", "ids");
  }
  const auto values = static_cast<int64_t>(sequence.features.size());
  if (values % input.width != 0) {
    throw Error("batch", "rows of " + std::to_string(input.width) + " features",
                std::to_string(values) + " values");
  }
  const int64_t rows = values / input.width;
  check_finite(sequence, input.width);
  if (input.kind == GraphInput::Kind::map) {
    check_map(sequence.map, rows);
    if (!sequence.positions.empty()) throw Error("batch", "positions from the map", "others");
  } else if (sequence.map != MapSize{}) {
    throw Error("batch", "rows of a sequence", "a map");
  }
  return rows;
}

}  // namespace

int64_t count_rows(const Sequence& sequence, const GraphInput& input) {
  if (input.kind != GraphInput::Kind::ids) return count_features(sequence, input);
  if (!sequence.features.empty() || sequence.map != MapSize{}) {
    throw Error("batch", "ids", "features");
  }
  return static_cast<int64_t>(sequence.ids.size());
}

}  // namespace locus::session
