#include "tokenizer/pre_tokenizers/dictionary_words.hpp"

#include "tokenizer/pre_tokenizers/rewriting.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// Python's str.split() parts at these as well.
bool is_python_space(char32_t c) { return is_white_space(c) || (c >= 0x1C && c <= 0x1F); }

class DictionaryWords : public PreTokenizer {
 public:
  DictionaryWords(Segmenter segmenter, KnownWord is_known)
      : segmenter_(std::move(segmenter)), is_known_(std::move(is_known)) {}

  void split(Words& words) const override {
    const std::string_view text = words.text.view();
    split_words(words, [&](Range word, NewWords& out) {
      const std::string_view own = text.substr(word.begin, word.end - word.begin);
      for (const Range part : segmenter_.words(own, words.text.watch())) {
        add(text, {word.begin + part.begin, word.begin + part.end}, out);
      }
    });
  }

 private:
  void add(std::string_view text, Range part, NewWords& out) const {
    if (is_known_(text.substr(part.begin, part.end - part.begin))) {
      out.push_back(part);
    } else {
      add_pieces(text, part, out);
    }
  }

  // Ideographs by themselves and what lies between them. As in the reference, pieces follow each
  // other without gaps from the part's beginning, so that white space before them shifts them.
  static void add_pieces(std::string_view text, Range part, NewWords& out) {
    std::size_t size = 0, done = part.begin;  // of the piece; where the next one begins
    const auto finish = [&] {
      if (size == 0) return;
      std::size_t end = done;
      for (; size > 0; --size) end += code_point(text, end).size;
      out.push_back({done, end});
      done = end;
    };
    for (std::size_t at = part.begin; at < part.end;) {
      const auto [value, bytes] = code_point(text, at);
      at += bytes;
      if (is_python_space(value) || is_cjk_ideograph(value)) finish();
      if (is_python_space(value)) continue;
      ++size;
      if (is_cjk_ideograph(value)) finish();
    }
    finish();
  }

  Segmenter segmenter_;
  KnownWord is_known_;
};

}  // namespace

PreTokenizerPointer dictionary_words_pre_tokenizer(Segmenter segmenter, KnownWord is_known) {
  return std::make_unique<DictionaryWords>(std::move(segmenter), std::move(is_known));
}

}  // namespace locus::tokenization
