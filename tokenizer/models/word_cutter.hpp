// Cuts words into symbols and remembers the words it has cut: text repeats itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tokenizer/models/model.hpp"
#include "tokenizer/models/word_table.hpp"

namespace locus::tokenization {

/// A token and its bytes within the word.
struct Symbol {
  int32_t id;
  uint32_t begin, end;
};

/// A direct-mapped cache that lives as long as one call, so that tokenizers stay immutable.
class WordCache {
 public:
  explicit WordCache(std::size_t words);

  /// The symbols of `word`, from the cache or by `cut(word, std::vector<Symbol>&)`, which appends.
  template <class Cut>
  std::span<const Symbol> symbols(std::string_view word, uint64_t hash, Cut cut);

 private:
  struct Slot {
    std::string_view word;
    std::size_t first = 0, count = 0;  // in symbols_
  };
  static constexpr std::size_t max_cached_size = 64;
  static constexpr std::size_t max_symbols = 1 << 20;

  std::vector<Slot> slots_;      // a power of two, or none
  std::vector<Symbol> symbols_;  // of all cached words
  std::vector<Symbol> scratch_;
};

inline WordCache::WordCache(std::size_t words) {
  if (words < 32) return;
  std::size_t size = 64;
  while (size < words && size < 16384) size *= 2;
  slots_.resize(size);
}

template <class Cut>
std::span<const Symbol> WordCache::symbols(std::string_view word, uint64_t hash, Cut cut) {
  if (slots_.empty() || word.size() > max_cached_size) {
    scratch_.clear();
    cut(word, scratch_);
    return scratch_;
  }
  Slot& slot = slots_[hash & (slots_.size() - 1)];
  if (slot.word != word || slot.word.empty()) {
    if (symbols_.size() > max_symbols) {
      symbols_.clear();
      slots_.assign(slots_.size(), {});
    }
    const std::size_t first = symbols_.size();
    cut(word, symbols_);
    slot = {word, first, symbols_.size() - first};
  }
  return {symbols_.data() + slot.first, slot.count};
}

/// Calls each(word, its bytes) for all words.
template <class Each>
void for_each_word(const AlignedText& text, std::span<const Range> words, const Each& each) {
  constexpr std::size_t words_at_once = 256;
  while (!words.empty()) {
    const auto some = words.first(std::min(words_at_once, words.size()));
    text.watch().spend(some.back().end - some.front().begin);
    for (const Range word : some) {
      each(word, text.view().substr(word.begin, word.end - word.begin));
    }
    words = words.subspan(some.size());
  }
}

/// Appends the pieces of all words.
template <class Cut>
void cut_words(const AlignedText& text, std::span<const Range> words, std::vector<Piece>& pieces,
               Cut cut) {
  WordCache cache(words.size());
  for_each_word(text, words, [&](Range word, std::string_view spelling) {
    for (const Symbol symbol : cache.symbols(spelling, word_hash(spelling), cut)) {
      pieces.push_back({symbol.id, word.begin + symbol.begin, word.begin + symbol.end});
    }
  });
}

}  // namespace locus::tokenization
