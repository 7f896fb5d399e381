#include "tokenizer/pre_tokenizers/delimiting.hpp"
#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/pre_tokenizers/rewriting.hpp"

namespace locus::tokenization {
namespace {

class MetaspacePreTokenizer : public PreTokenizer {
 public:
  explicit MetaspacePreTokenizer(MetaspaceOptions options)
      : options_(std::move(options)),
        split_(split_pre_tokenizer(Pattern(options_.replacement), Delimiter::merged_with_next)) {}

  void split(Words& words) const override {
    const bool begins_input = words.text.offset() == 0;
    rewrite_words(words, [&](Rewriter& writer, Range word) {
      rewrite(writer, word, begins_input && word.begin == 0);
    });
    if (options_.split) split_->split(words);
  }

 private:
  void rewrite(Rewriter& writer, Range word, bool first) const {
    using Prefix = MetaspaceOptions::Prefix;
    const std::string_view content = writer.view().substr(0, word.end);
    const bool marked =
        content[word.begin] == ' ' || content.substr(word.begin).starts_with(options_.replacement);
    if (!marked &&
        (options_.prefix == Prefix::always || (options_.prefix == Prefix::first && first))) {
      writer.put(options_.replacement, word.begin);
    }
    for (std::size_t at = word.begin; at < word.end;) {
      const std::size_t space = std::min<std::size_t>(content.find(' ', at), word.end);
      writer.copy(at, space);
      if (space < word.end) writer.put(options_.replacement, space);
      at = space + 1;
    }
  }

  MetaspaceOptions options_;
  PreTokenizerPointer split_;
};

}  // namespace

PreTokenizerPointer metaspace_pre_tokenizer(MetaspaceOptions options) {
  return std::make_unique<MetaspacePreTokenizer>(std::move(options));
}

}  // namespace locus::tokenization
