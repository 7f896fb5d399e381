// How a text is cut into words, which a model then cuts into tokens.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tokenizer/text/aligned_text.hpp"
#include "tokenizer/text/pattern.hpp"

namespace locus::tokenization {

/// A text and its words, in order, without overlap, none of them empty.
struct Words {
  AlignedText text;
  std::vector<Range> ranges;
};

/// The words that a pre-tokenizer makes, in order.
class NewWords {
 public:
  explicit NewWords(const AlignedText& text) : watch_(text.watch()) {
    ranges_.reserve(text.view().size() / 4);
  }

  /// The text up to a byte was looked at.
  void reach(std::size_t byte) {
    if (byte >= next_) tell(byte);
  }
  void push_back(Range word) {
    reach(word.end);
    ranges_.push_back(word);
  }
  Range& back() { return ranges_.back(); }
  std::vector<Range>& ranges() { return ranges_; }
  std::size_t size() const { return ranges_.size(); }
  std::vector<Range> take() { return std::move(ranges_); }

 private:
  void tell(std::size_t byte) {
    watch_.spend(byte - reached_);
    reached_ = byte;
    next_ = byte + bytes_at_once;
  }

  static constexpr std::size_t bytes_at_once = 4096;
  Watch& watch_;
  std::size_t reached_ = 0, next_ = bytes_at_once;
  std::vector<Range> ranges_;
};

class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  /// Cuts each word into smaller ones; may rewrite the text.
  virtual void split(Words& words) const = 0;
};

using PreTokenizerPointer = std::unique_ptr<const PreTokenizer>;

/// What becomes of the matches of a pattern.
enum class Delimiter { removed, isolated, merged_with_previous, merged_with_next, contiguous };

/// At white space, which is dropped, and around every punctuation character.
PreTokenizerPointer bert_pre_tokenizer();
/// GPT-2's pattern (Radford et al. 2019, section 2.2): contractions, and runs of letters, of
/// numbers, of anything else, each with one space before it, and white space.
PreTokenizerPointer gpt2_pre_tokenizer();
/// Puts a space before each word that does not begin with one.
PreTokenizerPointer prefix_space_pre_tokenizer();

struct MetaspaceOptions {
  enum class Prefix { always, first, never };
  std::string replacement = "\u2581";  // of a space
  Prefix prefix = Prefix::always;
  bool split = true;  // before each replacement
};
PreTokenizerPointer metaspace_pre_tokenizer(MetaspaceOptions options);

PreTokenizerPointer split_pre_tokenizer(Pattern pattern, Delimiter delimiter);
/// The pattern matches what is kept, not what separates.
PreTokenizerPointer inverted_split_pre_tokenizer(Pattern pattern, Delimiter delimiter);

using CharacterClass = bool (*)(char32_t);
PreTokenizerPointer class_split_pre_tokenizer(CharacterClass matches, Delimiter delimiter);
/// Runs of word characters and runs of what is neither that nor white space.
PreTokenizerPointer whitespace_pre_tokenizer();

PreTokenizerPointer pre_tokenizer_sequence(std::vector<PreTokenizerPointer> steps);

}  // namespace locus::tokenization
