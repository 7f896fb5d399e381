// The product of attention, tile by tile.
#pragma once

#include <functional>
#include <string_view>

#include "engine/layers/attention/packed_heads.hpp"
#include "engine/layers/attention/type_score.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// Queries of a sequence, of its new rows.
using QueryRows = std::function<Range(int64_t sequence)>;

/// What stands between the product of queries and keys and the softmax.
struct ScoreRules {
  const PositionalEncoding& encoding;
  const Visibility& visibility;
  float soft_cap = 0;  ///< of scores; 0: none
  const TypeScore& types;
  const ops::Products& products;
};

/// y = softmax(q k^T + score) v + mix, for every sequence, head and block of queries. A tile holds
/// the scores of one head and one block, [Bq, Tk]: with the keys of a window, and before them with
/// those that are seen everywhere.
class AttentionTiles {
 public:
  AttentionTiles(const Heads& heads, const ScoreRules& rules, std::string_view name, Run& run)
      : heads_(heads), rules_(rules), name_(name), run_(run) {}

  /// queries and context: [rows, H d]. Rows of `context` that are none of `chosen` stay as they
  /// are; without it all are computed.
  void attend(ConstView queries, View context,
              const std::function<KeysAndValues(int64_t sequence)>& memory,
              const QueryRows& chosen = nullptr) const;

 private:
  struct Tile {
    int64_t sequence;
    int64_t head;
    int64_t begin;  // queries of the sequence, [begin, end)
    int64_t end;
  };
  /// The columns of a tile's scores.
  struct TileKeys {
    Range everywhere, window;
  };
  /// Scores with some of the keys, which follow each other.
  struct Part {
    View s;             // [Bq, Tk]
    ops::Operand k, v;  // [Tk, d]
    Positions positions;
    int64_t first_key;
  };
  Part part_of(const Tile& tile, const PackedHeads& memory, Range keys, View s) const;
  void add_types(const Part& part, const Tile& tile, ConstView q) const;
  void compute(const Tile& tile, ConstView q, View y, const PackedHeads& memory,
               Scratch& scratch) const;
  void pack(std::span<PackedHeads> memories) const;
  int64_t readers(Range queries) const;
  /// Keys that one or other query of the tile sees, but for those seen everywhere.
  Range window(const Tile& tile, const KeyRows& rows, Range everywhere) const;
  /// Keys of two ranges, those seen everywhere first.
  void normalise(View s, const Tile& tile, const KeyRows& rows, const TileKeys& keys) const;

  const Heads& heads_;
  ScoreRules rules_;
  std::string_view name_;
  Run& run_;
};

}  // namespace locus::layers
