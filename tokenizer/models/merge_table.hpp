#pragma once

#include <cstdint>
#include <vector>

namespace locus::tokenization {

/// Which token two neighbours become, and how early (Sennrich et al. 2016).
class MergeTable {
 public:
  struct Merge {
    int32_t rank;  // lower is earlier
    int32_t id;    // of the merged token
  };
  static constexpr int32_t no_rank = INT32_MAX;

  explicit MergeTable(std::size_t merges);
  /// If pairs are equal, the last one counts.
  void add(int32_t left, int32_t right, Merge merge);
  /// The merge of two tokens; its rank is `no_rank` where there is none.
  Merge find(int32_t left, int32_t right) const;

 private:
  struct Slot {
    uint64_t pair = free_slot;
    Merge merge{no_rank, -1};
  };
  static constexpr uint64_t free_slot = UINT64_MAX;
  static uint64_t pair_of(int32_t left, int32_t right);
  std::size_t slot_of(uint64_t pair) const;

  std::vector<Slot> slots_;  // a power of two, open addressing
  int shift_;
};

inline uint64_t MergeTable::pair_of(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

inline std::size_t MergeTable::slot_of(uint64_t pair) const {
  std::size_t at = static_cast<std::size_t>((pair * 0x9E3779B97F4A7C15u) >> shift_);
  while (slots_[at].pair != pair && slots_[at].pair != free_slot)
    at = (at + 1) & (slots_.size() - 1);
  return at;
}

inline MergeTable::MergeTable(std::size_t merges) : shift_(64 - 4) {
  std::size_t size = 16;
  for (; size < merges * 2; size *= 2) --shift_;
  slots_.resize(size);
}

inline void MergeTable::add(int32_t left, int32_t right, Merge merge) {
  const uint64_t pair = pair_of(left, right);
  slots_[slot_of(pair)] = {pair, merge};
}

inline MergeTable::Merge MergeTable::find(int32_t left, int32_t right) const {
  return slots_[slot_of(pair_of(left, right))].merge;
}

}  // namespace locus::tokenization
