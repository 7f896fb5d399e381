// The rows of a ragged batch.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/position.hpp"
#include "engine/session.hpp"

namespace locus::session {

/// What layers need to know of the batch that they work on.
struct Rows {
  std::vector<int64_t> offsets{0};            // [S + 1]
  std::vector<int32_t> ids;                   // [rows]
  std::vector<int32_t> type_ids;              // [rows]
  std::vector<int64_t> past;                  // [S], cached rows before each sequence's first
  std::vector<std::vector<float>> positions;  // [S][past + rows], empty for consecutive ones
  std::vector<int64_t> source;                // [S], the encoder's sequence that each attends to
  std::vector<float> features;                // [rows, width], where the graph reads them
  std::vector<MapSize> maps;                  // [S], of rows that lie on maps
  int axes = 1;                               // of positions
  std::vector<int64_t> pieces;  // [rows, n], of a stream: the rows of another that each is made of

  static constexpr int64_t nowhere = -1;  // a piece of zeros

  /// Forgets the rows; what is cached stays.
  void clear() {
    offsets.assign(1, 0);
    ids.clear();
    type_ids.clear();
    features.clear();
    maps.clear();
    pieces.clear();
  }

  int64_t sequences() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t count() const { return offsets.back(); }
  int64_t length(int64_t sequence) const { return offsets[sequence + 1] - offsets[sequence]; }
  /// Cached and new rows.
  int64_t total(int64_t sequence) const { return past[sequence] + length(sequence); }

  /// Positions of all rows of a sequence, cached ones included.
  Positions all_positions(int64_t sequence) const {
    Positions all{0, total(sequence), {}, 1};
    if (positions[sequence].empty()) return all;
    all.values = positions[sequence];
    all.axes = axes;
    return all;
  }
  /// Positions of new rows [begin, end) of a sequence.
  Positions new_positions(int64_t sequence, int64_t begin, int64_t end) const {
    return all_positions(sequence).slice(past[sequence] + begin, past[sequence] + end);
  }
};

}  // namespace locus::session
