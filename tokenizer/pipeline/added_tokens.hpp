// Tokens on top of a model's vocabulary, found in a text before anything else happens to it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/text/range.hpp"
#include "tokenizer/text/trie.hpp"

namespace locus::tokenization {

struct AddedToken {
  std::string content;
  int32_t id = 0;
  bool single_word = false;         // not inside a word
  bool takes_space_before = false;  // white space on its left belongs to it
  bool takes_space_after = false;
  bool normalized = false;        // looked for in the normalized text, after normalization itself
  bool special = false;           // left out when decoding without special tokens
  bool hidden = false;            // a text that spells it is a text like any other
  bool takes_separators = false;  // U+001C to U+001F, white space to Python, are that here as well
};

/// A stretch of text between added tokens, or one of them.
struct Stretch {
  Range range;
  const AddedToken* token = nullptr;
};

class AddedTokens {
 public:
  AddedTokens() = default;
  /// In the order in which the reference adds them. What the last one of an id says of spaces and
  /// words counts for it, but a text is found by each of its contents before that: a special
  /// token's first, and every one that came while none was special, each raw or normalized as it
  /// asked.
  AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer, Watch& watch);

  const AddedToken* find(int32_t id) const;
  std::optional<int32_t> id(std::string_view content) const;
  bool is_special(std::string_view content) const;
  int64_t largest_id() const { return largest_id_; }

  /// Texts that spell special tokens, or all, are cut like any other (split_special_tokens).
  void hide_special();
  void hide_all();

  /// The stretches of a text, in order; the longest of the leftmost tokens wins.
  std::vector<Stretch> split_raw(const AlignedText& text) const {
    return raw_.split(text.view(), text.watch());
  }
  std::vector<Stretch> split_normalized(const AlignedText& text) const {
    return normalized_.split(text.view(), text.watch());
  }
  bool any_normalized() const { return !normalized_.empty(); }

 private:
  class Finder {
   public:
    using Keys = std::vector<std::pair<std::string, const AddedToken*>>;
    /// Of equal keys the first one counts.
    void build(const Keys& keys, Watch& watch);
    bool empty() const { return tokens_.empty(); }
    std::vector<Stretch> split(std::string_view text, Watch& watch) const;

   private:
    std::size_t next_candidate(std::string_view text, std::size_t at) const;

    Trie trie_;
    std::array<bool, 256> begins_{};  // whether a token begins with this byte
    std::vector<const AddedToken*> tokens_;
  };

  /// `listed`: the tokens that texts are searched for, in tokens_.
  void build_finders(const std::vector<std::size_t>& listed, const Normalizer* normalizer,
                     Watch& watch);

  std::vector<AddedToken> tokens_;
  int64_t largest_id_ = -1;
  std::unordered_map<int32_t, std::size_t> by_id_;
  std::unordered_map<std::string_view, std::size_t> by_content_;
  std::unordered_set<std::string_view> special_;
  Finder raw_, normalized_;
};

}  // namespace locus::tokenization
