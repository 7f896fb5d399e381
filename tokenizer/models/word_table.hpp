// Words and their ids, looked up by a hash that the caller has.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/watch.hpp"

namespace locus::tokenization {

/// A multiplicative hash of up to eight bytes at a time.
inline uint64_t word_hash(std::string_view word) {
  constexpr uint64_t factor = 0x9E3779B97F4A7C15u;
  uint64_t hash = word.size() * factor;
  const auto mix = [&](uint64_t block) {
    hash = (hash ^ block) * factor;
    hash ^= hash >> 32;
  };
  uint64_t block = 0;
  for (; word.size() >= sizeof block; word.remove_prefix(sizeof block)) {
    std::memcpy(&block, word.data(), sizeof block);
    mix(block);
  }
  block = 0;
  std::memcpy(&block, word.data(), word.size());
  mix(block);
  return hash;
}

class WordTable {
 public:
  struct Entry {
    std::string_view word;
    int32_t id;
  };
  WordTable() : slots_(16) {}
  /// The words are distinct.
  WordTable(const std::vector<Entry>& entries, Watch& watch);

  std::optional<int32_t> find(std::string_view word, uint64_t hash) const;

 private:
  struct Slot {
    uint32_t tag = 0;  // the hash's upper half
    uint32_t size = 0;
    uint32_t begin = 0;  // in bytes_
    int32_t id = -1;     // free
  };
  bool holds(const Slot& slot, std::string_view word, uint32_t tag) const {
    return slot.tag == tag && slot.size == word.size() &&
           std::memcmp(bytes_.data() + slot.begin, word.data(), word.size()) == 0;
  }

  std::vector<Slot> slots_;  // a power of two, open addressing
  std::string bytes_;
};

inline WordTable::WordTable(const std::vector<Entry>& entries, Watch& watch) {
  std::size_t size = 16;
  while (size < entries.size() * 2) size *= 2;
  slots_.resize(size);
  for (const auto& [word, id] : entries) {
    watch.spend(Watch::bytes_per_token);
    const uint64_t hash = word_hash(word);
    std::size_t at = hash & (size - 1);
    while (slots_[at].id >= 0) at = (at + 1) & (size - 1);
    slots_[at] = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(word.size()),
                  static_cast<uint32_t>(bytes_.size()), id};
    bytes_ += word;
  }
}

inline std::optional<int32_t> WordTable::find(std::string_view word, uint64_t hash) const {
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (std::size_t at = hash & (slots_.size() - 1); slots_[at].id >= 0;
       at = (at + 1) & (slots_.size() - 1)) {
    if (holds(slots_[at], word, tag)) return slots_[at].id;
  }
  return std::nullopt;
}

}  // namespace locus::tokenization
