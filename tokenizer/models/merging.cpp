#include "tokenizer/models/merges.hpp"

#include <algorithm>
#include <array>
#include <queue>

namespace locus::tokenization {
namespace {

using Merge = MergeTable::Merge;

// Up to this many symbols a scan for the lowest rank is faster than a queue.
constexpr std::size_t short_word = 32;
constexpr std::size_t merge_bytes = 8;  // of other work take as long as one in a long word

void merge_short(const MergeTable& merges, std::size_t first, std::vector<Symbol>& symbols) {
  Symbol* const word = symbols.data() + first;
  std::size_t count = symbols.size() - first;
  std::array<Merge, short_word> next;  // of each symbol with its right neighbour
  for (std::size_t i = 0; i + 1 < count; ++i) next[i] = merges.find(word[i].id, word[i + 1].id);
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < count; ++i) {
      if (next[i].rank < next[best].rank) best = i;
    }
    if (next[best].rank == MergeTable::no_rank) break;
    word[best] = {next[best].id, word[best].begin, word[best + 1].end};
    std::copy(word + best + 2, word + count, word + best + 1);
    if (best + 2 < count) std::copy(&next[best + 2], &next[count - 1], &next[best + 1]);
    --count;
    if (best > 0) next[best - 1] = merges.find(word[best - 1].id, word[best].id);
    if (best + 1 < count) next[best] = merges.find(word[best].id, word[best + 1].id);
  }
  symbols.resize(first + count);
}

// A doubly linked list of symbols and a queue of the merges that were possible when they were
// found.
class LongWord {
 public:
  LongWord(const MergeTable& merges, Symbol* word, std::size_t count)
      : merges_(merges), word_(word) {
    links_.resize(count);
    for (std::size_t i = 0; i < count; ++i) links_[i] = {i - 1, i + 1};
    for (std::size_t i = 0; i + 1 < count; ++i) propose(i);
  }

  /// Merges all and moves the remaining symbols to the front; returns how many they are.
  std::size_t merge(Watch& watch) {
    while (!queue_.empty()) {
      watch.spend(merge_bytes);
      const Proposal next = queue_.top();
      queue_.pop();
      apply(next);
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < links_.size(); i = links_[i].right) word_[count++] = word_[i];
    return count;
  }

 private:
  struct Links {
    std::size_t left, right;
  };
  struct Proposal {
    Merge merge;
    std::size_t left;
    // The queue gives the largest first.
    bool operator<(const Proposal& other) const {
      return merge.rank != other.merge.rank ? merge.rank > other.merge.rank : left > other.left;
    }
  };
  static constexpr int32_t gone = -1;

  void propose(std::size_t left) {
    const std::size_t right = links_[left].right;
    if (right >= links_.size()) return;
    const Merge merge = merges_.find(word_[left].id, word_[right].id);
    if (merge.rank != MergeTable::no_rank) queue_.push({merge, left});
  }

  void apply(Proposal proposal) {
    const std::size_t left = proposal.left, right = links_[left].right;
    if (word_[left].id == gone || right >= links_.size()) return;
    const Merge now = merges_.find(word_[left].id, word_[right].id);
    if (now.rank != proposal.merge.rank || now.id != proposal.merge.id) return;
    word_[left] = {now.id, word_[left].begin, word_[right].end};
    word_[right].id = gone;
    links_[left].right = links_[right].right;
    if (links_[left].right < links_.size()) links_[links_[left].right].left = left;
    if (left > 0) propose(links_[left].left);
    propose(left);
  }

  const MergeTable& merges_;
  Symbol* word_;
  std::vector<Links> links_;
  std::priority_queue<Proposal> queue_;
};

}  // namespace

void merge_symbols(const MergeTable& merges, std::size_t first, std::vector<Symbol>& symbols,
                   Watch& watch) {
  const std::size_t count = symbols.size() - first;
  if (count <= short_word) return merge_short(merges, first, symbols);
  symbols.resize(first + LongWord(merges, symbols.data() + first, count).merge(watch));
}

}  // namespace locus::tokenization
