// The product of attention, tile by tile.
#pragma once

#include <functional>
#include <string_view>

#include "engine/layers/attention/heads.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// Keys and values of one sequence. [Tk, G d], rows of any stride
struct KeysAndValues {
  ConstView keys;
  ConstView values;
  Positions positions;
  int64_t memory_rows = 0;  ///< keys that stand before the sequence's first row
};

/// What stands between the product of queries and keys and the softmax.
struct ScoreRules {
  const PositionalEncoding& encoding;
  const Visibility& visibility;
  float soft_cap = 0;  ///< of scores; 0: none
};

/// y = softmax(q k^T + score) v + mix, for every sequence, head and block of queries. A tile holds
/// the scores of one head and one block: [Bq, Tk].
class AttentionTiles {
 public:
  AttentionTiles(const Heads& heads, const ScoreRules& rules, std::string_view name, Run& run)
      : heads_(heads), rules_(rules), name_(name), run_(run) {}

  /// queries and context: [rows, H d].
  void attend(ConstView queries, View context,
              const std::function<KeysAndValues(int64_t sequence)>& memory) const;

 private:
  struct Tile {
    int64_t sequence;
    int64_t head;
    int64_t begin;  // queries of the sequence, [begin, end)
    int64_t end;
  };
  void compute(const Tile& tile, ConstView q, View y, const KeysAndValues& memory,
               Scratch& scratch) const;
  Range visible(const Tile& tile, const KeyRows& rows) const;

  const Heads& heads_;
  ScoreRules rules_;
  std::string_view name_;
  Run& run_;
};

}  // namespace locus::layers
