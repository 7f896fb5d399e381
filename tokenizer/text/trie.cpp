#include "tokenizer/text/trie.hpp"

#include <algorithm>

namespace locus::tokenization {
namespace {

constexpr std::size_t comparison_bytes = 8;  // of other work take as long as one

// The entries whose keys lead through one node share its `depth` bytes.
struct Family {
  std::size_t first, last, depth;
};

}  // namespace

Trie::Trie(std::vector<Entry> entries, Watch& watch) {
  std::erase_if(entries, [](const Entry& entry) { return entry.key.empty(); });
  if (entries.empty()) return;
  std::stable_sort(entries.begin(), entries.end(), [&watch](const Entry& a, const Entry& b) {
    watch.spend(comparison_bytes);
    return a.key < b.key;
  });
  std::vector<Family> families{{0, entries.size(), 0}};
  nodes_.resize(1);
  bytes_.resize(1);
  for (std::size_t node = 0; node < families.size(); ++node) {
    const auto [first, last, depth] = families[node];
    nodes_[node].children = static_cast<uint32_t>(families.size());
    for (std::size_t i = first; i < last; ++i) {
      watch.spend(1);
      if (entries[i].key.size() == depth) {
        nodes_[node].value = entries[i].value;
        continue;
      }
      const char byte = entries[i].key[depth];
      if (nodes_[node].count == 0 || bytes_.back() != byte) {
        ++nodes_[node].count;
        nodes_.emplace_back();
        bytes_.push_back(byte);
        families.push_back({i, i, depth + 1});
      }
      families.back().last = i + 1;
    }
  }
  for (uint32_t i = 0; i < nodes_[0].count; ++i) {
    first_level_[static_cast<unsigned char>(bytes_[1 + i])] = 1 + i;
  }
}

std::optional<int32_t> Trie::find(std::string_view key) const {
  if (nodes_.empty() || key.empty()) return std::nullopt;
  uint32_t node = 0;
  for (const char byte : key) {
    if ((node = child(node, byte)) == none) return std::nullopt;
  }
  const int32_t value = nodes_[node].value;
  return value >= 0 ? std::optional(value) : std::nullopt;
}

Trie::Match Trie::longest_prefix(std::string_view text) const {
  Match longest;
  for_each_prefix(text, [&](Match match) { longest = match; });
  return longest;
}

}  // namespace locus::tokenization
