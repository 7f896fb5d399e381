#include "tokenizer/detail/text/trie.hpp"

#include <algorithm>
#include <queue>

namespace locus::tokenization {

// Places the children of one node after the other, breadth first, each family at the first base
// where all its slots are free. Slots start at 1, so that no node is its own child.
class TrieBuilder {
 public:
  TrieBuilder(std::vector<Trie::Entry> entries, std::vector<Trie::Node>& nodes)
      : entries_(std::move(entries)), nodes_(nodes) {}

  void build() {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const auto& a, const auto& b) { return a.key < b.key; });
    nodes_.assign(1, {});
    nodes_[0].parent = 0;
    for (pending_.push({0, 0, entries_.size(), 0}); !pending_.empty(); pending_.pop()) {
      place_children(pending_.front());
    }
  }

 private:
  struct Family {
    int32_t node;
    std::size_t first, last;  // entries whose keys share `depth` bytes
    std::size_t depth;
  };
  struct Child {
    unsigned char byte;
    std::size_t first, last;
  };

  std::vector<Child> children_of(Family family) {
    std::vector<Child> children;
    for (std::size_t i = family.first; i < family.last; ++i) {
      const std::string_view key = entries_[i].key;
      if (key.size() == family.depth) {
        nodes_[static_cast<std::size_t>(family.node)].value = entries_[i].value;
        continue;
      }
      const auto byte = static_cast<unsigned char>(key[family.depth]);
      if (children.empty() || children.back().byte != byte) children.push_back({byte, i, i});
      children.back().last = i + 1;
    }
    return children;
  }

  bool fits(const std::vector<Child>& children, std::size_t base) const {
    return std::all_of(children.begin(), children.end(), [&](const Child& child) {
      const std::size_t at = base + child.byte;
      return at >= nodes_.size() || nodes_[at].parent < 0;
    });
  }

  std::size_t free_base(const std::vector<Child>& children) {
    while (first_free_ < nodes_.size() && nodes_[first_free_].parent >= 0) ++first_free_;
    const std::size_t lowest = children.front().byte;
    // A family of many rarely fits into the gaps that small ones left: start where it is roomier.
    const std::size_t start = children.size() > 4 ? std::max(first_free_, crowded_) : first_free_;
    for (std::size_t slot = std::max(start, lowest + 1);; ++slot) {
      if (slot < nodes_.size() && nodes_[slot].parent >= 0) continue;
      if (!fits(children, slot - lowest)) continue;
      if (children.size() > 4 && slot > crowded_ + 512) crowded_ = slot - 256;
      return slot - lowest;
    }
  }

  void place_children(Family family) {
    const std::vector<Child> children = children_of(family);
    if (children.empty()) return;
    const std::size_t base = free_base(children);
    const std::size_t end = base + children.back().byte + 1;
    if (nodes_.size() < end) nodes_.resize(end);
    nodes_[static_cast<std::size_t>(family.node)].base = static_cast<int32_t>(base);
    for (const Child& child : children) {
      const auto node = static_cast<int32_t>(base + child.byte);
      nodes_[static_cast<std::size_t>(node)].parent = family.node;
      pending_.push({node, child.first, child.last, family.depth + 1});
    }
  }

  std::vector<Trie::Entry> entries_;
  std::vector<Trie::Node>& nodes_;
  std::queue<Family> pending_;
  std::size_t first_free_ = 1;
  std::size_t crowded_ = 1;
};

Trie::Trie(std::vector<Entry> entries) {
  std::erase_if(entries, [](const Entry& entry) { return entry.key.empty(); });
  if (!entries.empty()) TrieBuilder(std::move(entries), nodes_).build();
}

std::optional<int32_t> Trie::find(std::string_view key) const {
  if (nodes_.empty() || key.empty()) return std::nullopt;
  int32_t node = 0;
  for (const char byte : key) {
    if ((node = child(node, byte)) < 0) return std::nullopt;
  }
  const int32_t value = nodes_[static_cast<std::size_t>(node)].value;
  return value >= 0 ? std::optional(value) : std::nullopt;
}

Trie::Match Trie::longest_prefix(std::string_view text) const {
  Match longest;
  for_each_prefix(text, [&](Match match) { longest = match; });
  return longest;
}

}  // namespace locus::tokenization
