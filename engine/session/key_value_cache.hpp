// Keys and values of one attention node.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor.hpp"

namespace locus::session {

/// What an attention node keeps between the steps of decoding.
class KeyValueCache {
 public:
  /// Keys and values of one sequence, rows [0, capacity). [capacity, G d]
  struct Slot {
    Tensor keys;
    Tensor values;
  };

  /// Makes room for `rows` rows of a sequence; the first `kept` rows keep their values.
  Slot& reserve(int64_t sequence, int64_t rows, int64_t width, int64_t kept);
  /// What sequences are to become.
  struct Children {
    std::vector<Slot> slots;     // copies
    std::vector<int64_t> heirs;  // of each parent: the child that takes what it has; -1 for none
  };
  /// Sequence i becomes what sequence `parents[i]` is, or nothing at -1; a parent of several is
  /// copied, `memory_rows + rows[parent]` rows of it.
  Children children(std::span<const int64_t> parents, std::span<const int64_t> rows) const;
  void become(Children&& children) noexcept;
  int64_t bytes() const;

  Tensor memory;              // projected rows of the encoder, [rows, 2 G d]
  bool memory_ready = false;  // since the last encode
  int64_t memory_rows = 0;    // rows of each slot that stand before its sequence

 private:
  /// A sequence that never had a row may have no room yet.
  bool has_slot(int64_t sequence) const {
    return sequence >= 0 && sequence < static_cast<int64_t>(slots_.size());
  }

  std::vector<Slot> slots_;
};

}  // namespace locus::session
