#include <algorithm>

#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/pre_tokenizers/rewriting.hpp"
#include "tokenizer/text/scanners.hpp"

namespace locus::tokenization {
namespace {

constexpr uint32_t at_once = 4096;  // bytes

class Gpt2PreTokenizer : public PreTokenizer {
 public:
  void split(Words& words) const override {
    const std::string_view text = words.text.view();
    split_words(words, [&](Range word, NewWords& out) {
      for (uint32_t from = word.begin; from < word.end; from = out.back().end) {
        out.reach(from);
        const Range begins{from, from + std::min(word.end - from, at_once)};
        append_gpt2_words(text.substr(0, word.end), begins, out.ranges());
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
