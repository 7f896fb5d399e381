// Chinese text into words by a dictionary, as jieba does it without its hidden Markov model.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/text/range.hpp"
#include "tokenizer/text/trie.hpp"

namespace locus::tokenization {

/// The most probable path through the words that a dictionary has in a text (jieba, `cut` with
/// `HMM=False`, in the version of the crate jieba-rs). Immutable.
class Segmenter {
 public:
  /// jieba's words without ideographs, such as C++: every ideograph is a word.
  explicit Segmenter(Watch& watch);
  /// jieba's `dict.txt`: a word, its frequency and a tag a line. Throws `Error` on another file.
  Segmenter(const std::filesystem::path& dictionary, Watch& watch);
  /// Reads the text of such a dictionary; `who` names it in errors.
  Segmenter(std::string_view text, const std::string& who, Watch& watch);

  /// Ranges that cover `text` from its beginning to its end.
  std::vector<Range> words(std::string_view text, Watch& watch) const;

 private:
  struct Block;
  void cut_block(const Block& block, std::vector<Range>& words) const;
  void find_path(const Block& block, std::vector<std::size_t>& ends) const;

  Trie trie_;
  std::vector<double> scores_;  // log probabilities of words
  double unlisted_ = 0;         // of a character that is no word
};

}  // namespace locus::tokenization
