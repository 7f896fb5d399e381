#include <array>

#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/pre_tokenizers/rewriting.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

enum class Gpt2Kind : unsigned char { letter, number, space, other };

Gpt2Kind gpt2_kind_of(char32_t c) {
  if (is_letter(c)) return Gpt2Kind::letter;
  if (is_number(c)) return Gpt2Kind::number;
  return is_white_space(c) ? Gpt2Kind::space : Gpt2Kind::other;
}

std::array<Gpt2Kind, 128> ascii_gpt2_kinds() {
  std::array<Gpt2Kind, 128> kinds;
  for (char32_t c = 0; c < kinds.size(); ++c) kinds[c] = gpt2_kind_of(c);
  return kinds;
}

// One word of text, scanned as the pattern
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// matches: the alternatives never need more than the kind of the next code points.
class Scanner {
 public:
  Scanner(std::string_view text, const std::array<Gpt2Kind, 128>& ascii)
      : text_(text), ascii_(ascii) {}

  std::size_t match_end(std::size_t at) const {
    if (const std::size_t size = contraction(at)) return at + size;
    const std::size_t after_space = text_[at] == ' ' ? at + 1 : at;
    if (after_space < text_.size()) {
      const auto [kind, size] = classify(after_space);
      if (kind != Gpt2Kind::space) return run_end(kind, after_space + size);
    }
    return white_space_end(at);
  }

 private:
  struct Classified {
    Gpt2Kind kind;
    std::size_t size;
  };

  Classified classify(std::size_t at) const {
    const auto first = static_cast<unsigned char>(text_[at]);
    if (first < 0x80) return {ascii_[first], 1};
    const auto [value, size] = code_point(text_, at);
    return {gpt2_kind_of(value), size};
  }

  std::size_t run_end(Gpt2Kind kind, std::size_t at) const {
    while (at < text_.size()) {
      const auto next = classify(at);
      if (next.kind != kind) break;
      at += next.size;
    }
    return at;
  }

  // The last white space goes with the word that follows.
  std::size_t white_space_end(std::size_t begin) const {
    const std::size_t end = run_end(Gpt2Kind::space, begin);
    if (end == text_.size()) return end;
    const std::size_t last = previous(text_, end);
    return last > begin ? last : end;
  }

  std::size_t contraction(std::size_t at) const {
    if (text_[at] != '\'' || at + 1 == text_.size()) return 0;
    const std::string_view rest = text_.substr(at + 1, 2);
    switch (rest[0]) {
      case 's':
      case 't':
      case 'm':
      case 'd':
        return 2;
      default:
        return rest == "re" || rest == "ve" || rest == "ll" ? 3 : 0;
    }
  }

  std::string_view text_;
  const std::array<Gpt2Kind, 128>& ascii_;
};

class Gpt2PreTokenizer : public PreTokenizer {
 public:
  void split(Words& words) const override {
    const std::string_view text = words.text.view();
    split_words(words, [&](Range word, std::vector<Range>& out) {
      const Scanner scanner(text.substr(0, word.end), ascii_);
      for (std::size_t at = word.begin; at < word.end; at = out.back().end) {
        out.push_back({at, scanner.match_end(at)});
      }
    });
  }

 private:
  std::array<Gpt2Kind, 128> ascii_ = ascii_gpt2_kinds();
};

class PrefixSpacePreTokenizer : public PreTokenizer {
 public:
  void split(Words& words) const override {
    rewrite_words(words, [](Rewriter& writer, Range word) {
      if (writer.view()[word.begin] != ' ') writer.put(" ", word.begin);
      writer.copy(word.begin, word.end);
    });
  }
};

}  // namespace

PreTokenizerPointer gpt2_pre_tokenizer() { return std::make_unique<Gpt2PreTokenizer>(); }

PreTokenizerPointer prefix_space_pre_tokenizer() {
  return std::make_unique<PrefixSpacePreTokenizer>();
}

}  // namespace locus::tokenization
