// The tries of Darts-clone, which SentencePiece's maps of characters are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace locus::tokenization {

inline uint32_t little_endian(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i]));
  };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

/// One unit of a Darts-clone trie: offset to the children, label, and whether a value follows.
struct DartsUnit {
  uint32_t bits;
  bool has_value() const { return bits >> 8 & 1; }
  uint32_t value() const { return bits & 0x7FFFFFFFu; }
  uint32_t label() const { return bits & 0x800000FFu; }
  uint32_t offset() const { return bits >> 10 << ((bits & 0x200u) >> 6); }
};

}  // namespace locus::tokenization
