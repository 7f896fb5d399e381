#include <array>

#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/pre_tokenizers/rewriting.hpp"
#include "tokenizer/text/older_unicode.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

enum class Kind : unsigned char { word, space, punctuation };

Kind kind_of(char32_t c) {
  if (is_white_space(c)) return Kind::space;
  return is_ascii_punctuation(c) || older_unicode::is_punctuation(c) ? Kind::punctuation
                                                                     : Kind::word;
}

std::array<Kind, 128> ascii_kinds() {
  std::array<Kind, 128> kinds;
  for (char32_t c = 0; c < kinds.size(); ++c) kinds[c] = kind_of(c);
  return kinds;
}

class BertPreTokenizer : public PreTokenizer {
 public:
  void split(Words& words) const override {
    const std::string_view text = words.text.view();
    split_words(words, [&](Range word, NewWords& out) { split_word(text, word, out); });
  }

 private:
  struct Classified {
    Kind kind;
    std::size_t size;
  };

  Classified classify(std::string_view text, std::size_t at) const {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) return {ascii_[first], 1};
    const auto [value, size] = code_point(text, at);
    return {kind_of(value), size};
  }

  void split_word(std::string_view text, Range word, NewWords& out) const {
    std::size_t begin = word.begin;
    for (std::size_t at = word.begin; at < word.end;) {
      const auto [kind, size] = classify(text, at);
      if (kind != Kind::word) {
        if (begin < at) out.push_back({begin, at});
        if (kind == Kind::punctuation) out.push_back({at, at + size});
        begin = at + size;
        out.reach(begin);
      }
      at += size;
    }
    if (begin < word.end) out.push_back({begin, word.end});
  }

  std::array<Kind, 128> ascii_ = ascii_kinds();
};

}  // namespace

PreTokenizerPointer bert_pre_tokenizer() { return std::make_unique<BertPreTokenizer>(); }

}  // namespace locus::tokenization
