// A text as the scorers see it: ids, and what they stand for in the raw text.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "token_places.hpp"

namespace locus {

/// A raw text with a name.
struct Document {
  std::string name;
  std::string raw;  ///< UTF-8; empty where ids were given
};

/// One document. Everything but `ids` may be empty where it is not known; figures that need it are
/// then absent.
struct Text {
  std::string name;
  std::vector<int32_t> ids;  ///< without special tokens
  /// Raw text that each token answers for. The extents of all tokens add up to those of the text:
  /// white space that no token holds belongs to the token after it, at the end to the last token;
  /// a word belongs to the token that holds its first byte.
  TokenExtents extents;
  TokenBegins byte_begin;  ///< where each token begins in the raw text
  /// 1 for a token that begins a word as the tokenizer cuts them: what `masked-word` masks
  /// together.
  std::vector<uint8_t> word_start;

  /// Adds the tokens of a part that follows.
  void append(const Text& part);
  /// Forgets the first `count` tokens.
  void drop_front(std::size_t count);
};

/// A document from its raw UTF-8 text, its ids and the bytes [first, second) that each token came
/// from. Word starts are set where white space lies before a token; a caller whose tokenizer knows
/// words better (WordPiece) adds its own. Throws Error when ids and offsets differ in number or
/// offsets lie outside the text. `check` is called every few milliseconds; it throws to give up.
Text make_text(std::string_view raw, std::vector<int32_t> ids,
               std::span<const std::pair<int64_t, int64_t>> offsets,
               const std::function<void()>& check = {});

/// Where a stretch of a text lies.
struct Stretch {
  int64_t begin = 0;         ///< bytes of the text before it
  bool within_word = false;  ///< whether a word goes on there
};
/// A stretch that begins where the share of a token does and ends where one ends: of all stretches
/// of a text, the tokens are those of the whole.
Text make_text(std::string_view raw, std::vector<int32_t> ids,
               std::span<const std::pair<int64_t, int64_t>> offsets, const Stretch& stretch,
               const std::function<void()>& check = {});
/// Whether the last character of a text that is not empty is one of a word.
bool ends_within_word(std::string_view raw);

/// Words and characters of raw text.
Extent measure(std::string_view raw);

}  // namespace locus
