// Keys and values as many tiles of queries read them.
#pragma once

#include <vector>

#include "engine/layers/attention/heads.hpp"

namespace locus::layers {

/// Keys and values of one sequence. [Tk, G d], rows of any stride
struct KeysAndValues {
  ConstView keys;
  ConstView values;
  Positions positions;
  int64_t memory_rows = 0;  ///< keys that stand before the sequence's first row
  Range everywhere = {};    ///< keys, first or last ones, that a query sees whatever its visibility
};

/// The keys and values of a sequence head by head, packed once where more than one tile reads them.
class PackedHeads {
 public:
  /// Takes the memory for it; `tiles`: how many read each key head.
  PackedHeads(const Heads& heads, const ops::Products& products, const KeysAndValues& memory,
              int64_t tiles, Scratch& scratch);

  const KeysAndValues& memory() const { return memory_; }
  /// Parts that are to be packed, one by one and each by any thread, before tiles are computed.
  int64_t parts() const { return static_cast<int64_t>(rooms_.size()); }
  void pack(int64_t part);

  /// Of a key head. [Tk, d]
  const ops::Operand& keys(int64_t head) const { return operands_[2 * head]; }
  const ops::Operand& values(int64_t head) const { return operands_[2 * head + 1]; }

 private:
  const ops::Products* products_;
  KeysAndValues memory_;
  std::vector<ops::Operand> operands_;  // keys and values of each head
  struct Room {
    int64_t operand;
    std::span<float> values;
  };
  std::vector<Room> rooms_;
};

}  // namespace locus::layers
