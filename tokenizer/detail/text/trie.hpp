// A set of byte strings with numbers, searched by prefix (a double array: Aoe 1989).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

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
  /// Of equal keys the last one counts. Empty keys are left out.
  explicit Trie(std::vector<Entry> entries);

  std::optional<int32_t> find(std::string_view key) const;
  /// The longest key that `text` begins with; size 0 if none.
  Match longest_prefix(std::string_view text) const;
  /// Calls `visit(Match)` for each key that `text` begins with, shortest first.
  template <class Visit>
  void for_each_prefix(std::string_view text, Visit visit) const;

 private:
  struct Node {
    int32_t base = 0;     // where the children of this node are: base + byte
    int32_t parent = -1;  // -1: free
    int32_t value = -1;   // of the key that ends here
  };
  friend class TrieBuilder;

  int32_t child(int32_t node, char byte) const;

  std::vector<Node> nodes_;  // the root is the first
};

inline int32_t Trie::child(int32_t node, char byte) const {
  const std::size_t at = static_cast<std::size_t>(nodes_[static_cast<std::size_t>(node)].base) +
                         static_cast<unsigned char>(byte);
  return at < nodes_.size() && nodes_[at].parent == node ? static_cast<int32_t>(at) : -1;
}

template <class Visit>
void Trie::for_each_prefix(std::string_view text, Visit visit) const {
  int32_t node = nodes_.empty() ? -1 : 0;
  for (std::size_t at = 0; node >= 0 && at < text.size(); ++at) {
    node = child(node, text[at]);
    if (node > 0 && nodes_[static_cast<std::size_t>(node)].value >= 0) {
      visit(Match{at + 1, nodes_[static_cast<std::size_t>(node)].value});
    }
  }
}

}  // namespace locus::tokenization
