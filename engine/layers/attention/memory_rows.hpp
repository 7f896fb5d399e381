// Keys that stand before the first row of every sequence.
#pragma once

#include "engine/layers/attention/heads.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// The projections of one and the same row, `count` times, at the positions before a sequence:
/// Transformer-XL's memory of a text that has not begun.
class MemoryRows {
 public:
  /// Attribute `memory_rows`; the row itself is the weight `memory_row` [D], or 0.
  MemoryRows(const NodeReader& reader, const Heads& heads);

  int64_t count() const { return count_; }
  /// Writes the keys and values, [count, G d] each.
  void write(View keys, View values) const;
  /// `positions`, continued to the left.
  Positions extended(const Positions& positions, Scratch& scratch) const;

 private:
  int64_t count_;
  Tensor key_;    // [G d]
  Tensor value_;  // [G d]
};

}  // namespace locus::layers
