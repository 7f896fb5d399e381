#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/pre_tokenizers/rewriting.hpp"
#include "tokenizer/text/scanners.hpp"

namespace locus::tokenization {
namespace {

class Gpt2PreTokenizer : public PreTokenizer {
 public:
  void split(Words& words) const override {
    const std::string_view text = words.text.view();
    split_words(words, [&](Range word, NewWords& out) {
      for (std::size_t from = word.begin; from < word.end; from = out.back().end) {
        out.push_back(*scan_gpt2_word(text.substr(0, word.end), from));
      }
    });
  }
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
