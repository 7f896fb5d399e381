#include "tokenizer/pre_tokenizers/delimiting.hpp"
#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/pre_tokenizers/rewriting.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

class SplitPreTokenizer : public PreTokenizer {
 public:
  SplitPreTokenizer(Pattern pattern, Delimiter delimiter, bool delimiter_matches)
      : pattern_(std::move(pattern)), delimiter_(delimiter), matched_(delimiter_matches) {}

  void split(Words& words) const override {
    split_words(words, [&](Range word, NewWords& out) {
      Delimiting delimiting(delimiter_, out);
      split_word(words.text, word, delimiting);
    });
  }

 private:
  // The pattern sees the word alone: `^`, `$` and looking around stop at its ends.
  void split_word(const AlignedText& text, Range range, Delimiting& delimiting) const {
    delimiting.begin_word();
    const std::size_t offset = range.begin;
    const std::string_view word = text.view().substr(offset, range.end - offset);
    const auto add = [&](std::size_t begin, std::size_t end, bool matched) {
      delimiting.add({offset + begin, offset + end}, matched == matched_);
    };
    std::size_t at = 0, from = 0;
    while (const auto match = pattern_.search(word, from, text.watch())) {
      if (delimiter_ == Delimiter::contiguous) expect_characters(*match, "Split");
      add(at, match->begin, false);
      add(match->begin, match->end, true);
      at = match->end;
      from = match->end > match->begin ? match->end : next(word, match->end);
    }
    add(at, word.size(), false);
  }

  static std::size_t next(std::string_view word, std::size_t at) {
    return at < word.size() ? at + code_point(word, at).size : at + 1;
  }

  Pattern pattern_;
  Delimiter delimiter_;
  bool matched_;
};

class ClassSplitPreTokenizer : public PreTokenizer {
 public:
  ClassSplitPreTokenizer(CharacterClass matches, Delimiter delimiter)
      : matches_(matches), delimiter_(delimiter) {}

  void split(Words& words) const override {
    const std::string_view text = words.text.view();
    split_words(words, [&](Range word, NewWords& out) {
      Delimiting delimiting(delimiter_, out);
      split_word(text.substr(0, word.end), word.begin, delimiting);
    });
  }

 private:
  void split_word(std::string_view text, std::size_t at, Delimiting& delimiting) const {
    delimiting.begin_word();
    std::size_t begin = at;
    while (at < text.size()) {
      const auto [value, size] = code_point(text, at);
      if (matches_(value)) {
        delimiting.add({begin, at}, false);
        delimiting.add({at, at + size}, true);
        begin = at + size;
      }
      at += size;
    }
    delimiting.add({begin, at}, false);
  }

  CharacterClass matches_;
  Delimiter delimiter_;
};

class PreTokenizerSequence : public PreTokenizer {
 public:
  explicit PreTokenizerSequence(std::vector<PreTokenizerPointer> steps)
      : steps_(std::move(steps)) {}

  void split(Words& words) const override {
    for (const auto& step : steps_) step->split(words);
  }

 private:
  std::vector<PreTokenizerPointer> steps_;
};

}  // namespace

PreTokenizerPointer split_pre_tokenizer(Pattern pattern, Delimiter delimiter) {
  return std::make_unique<SplitPreTokenizer>(std::move(pattern), delimiter, true);
}

PreTokenizerPointer inverted_split_pre_tokenizer(Pattern pattern, Delimiter delimiter) {
  return std::make_unique<SplitPreTokenizer>(std::move(pattern), delimiter, false);
}

PreTokenizerPointer class_split_pre_tokenizer(CharacterClass matches, Delimiter delimiter) {
  return std::make_unique<ClassSplitPreTokenizer>(matches, delimiter);
}

PreTokenizerPointer whitespace_pre_tokenizer() {
  return inverted_split_pre_tokenizer(Pattern(scan_word), Delimiter::removed);
}

PreTokenizerPointer pre_tokenizer_sequence(std::vector<PreTokenizerPointer> steps) {
  return std::make_unique<PreTokenizerSequence>(std::move(steps));
}

}  // namespace locus::tokenization
