// Which row of a table a distance takes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/ops/ops.hpp"

namespace locus::positions {

/// The rows of whole distances (key - query), which never fall as distances grow. Kept as runs of
/// distances that share a row or take rows side by side, so that a tile is read run by run.
class DistanceRows {
 public:
  using Run = ops::DistanceRun;

  /// Rows 0 ... left + right of distances -left ... right; farther ones share the first or the
  /// last.
  static DistanceRows clamped(int64_t left, int64_t right);
  /// Rows 0 ... left + right of distances -left ... right; farther ones are refused.
  static DistanceRows bounded(int64_t left, int64_t right);
  /// Of any function that grows by steps; farther than 2^53 nobody looks.
  explicit DistanceRows(const std::function<int64_t(int64_t distance)>& row);

  /// Throws Error, from `who`, for a distance that has no row.
  int64_t row(const std::string& who, double distance) const;

  /// Calls `visit(Run)` for `count` consecutive distances from `first` on, which all have rows.
  template <typename Visit>
  void for_runs(int64_t first, int64_t count, Visit visit) const {
    auto piece = piece_of(first);
    for (int64_t begin = 0; begin < count; ++piece) {
      const bool last = std::next(piece) == pieces_.end();
      const int64_t end = last ? count : std::min(count, std::next(piece)->first - first);
      const int64_t row = piece->row + piece->step * (first + begin - piece->first);
      visit(Run{begin, end, row, piece->step});
      begin = end;
    }
  }

  /// Whether consecutive distances from `first` on take rows side by side.
  bool side_by_side(int64_t first, int64_t count) const;

 private:
  struct Piece {
    int64_t first;  // distance; the piece ends where the next one begins
    int64_t row;
    int64_t step;
  };
  using Pieces = std::vector<Piece>;

  Pieces::const_iterator piece_of(int64_t distance) const;

  Pieces pieces_;
  double first_change_ = 0;      // all distances up to here share a row
  double last_change_ = 0;       // and so do all from here on
  std::optional<Range> bounds_;  // of distances that have rows
};

}  // namespace locus::positions
