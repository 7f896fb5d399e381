// A set of byte strings with numbers, searched by prefix.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "base/watch.hpp"

namespace locus::tokenization {

class Trie {
 public:
  struct Entry {
    std::string_view key;
    int32_t value;  // at least 0
  };
  struct Match {
    std::size_t size = 0;  // bytes of the key
    int32_t value = -1;
  };

  Trie() = default;
  /// If keys are equal, the last one counts. Empty keys are left out.
  Trie(std::vector<Entry> entries, Watch& watch);

  std::optional<int32_t> find(std::string_view key) const;
  /// The longest key that `text` begins with; size 0 if none.
  Match longest_prefix(std::string_view text) const;
  /// Calls `visit(Match)` for each key that `text` begins with, shortest first.
  template <class Visit>
  void for_each_prefix(std::string_view text, Visit visit) const;

 private:
  // Nodes are stored level by level, so a node's children are neighbours, in the order of bytes.
  struct Node {
    uint32_t children = 0;  // the first of them
    uint32_t count = 0;
    int32_t value = -1;  // of the key that ends here
  };
  static constexpr uint32_t none = 0;  // the root is nobody's child

  uint32_t child(uint32_t node, char byte) const;

  std::vector<Node> nodes_;  // the root is the first
  std::vector<char> bytes_;  // of each node, the one that leads to it
  std::array<uint32_t, 256> first_level_{};
};

inline uint32_t Trie::child(uint32_t node, char byte) const {
  if (node == 0) return first_level_[static_cast<unsigned char>(byte)];
  const auto [children, count, value] = nodes_[node];
  const char* const first = bytes_.data() + children;
  if (count <= 1) return count == 1 && *first == byte ? children : none;
  const auto* const found = static_cast<const char*>(std::memchr(first, byte, count));
  return found ? children + static_cast<uint32_t>(found - first) : none;
}

template <class Visit>
void Trie::for_each_prefix(std::string_view text, Visit visit) const {
  if (nodes_.empty()) return;
  uint32_t node = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    node = child(node, text[at]);
    if (node == none) return;
    if (nodes_[node].value >= 0) visit(Match{at + 1, nodes_[node].value});
  }
}

}  // namespace locus::tokenization
