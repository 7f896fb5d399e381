#pragma once

#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"

namespace locus::tokenization {

/// Writes each word anew by `rewrite(Rewriter&, Range word)`. What lies between words is dropped.
template <class Rewrite>
void rewrite_words(Words& words, Rewrite rewrite) {
  Rewriter writer(words.text);
  for (Range& word : words.ranges) {
    const std::size_t begin = writer.size();
    rewrite(writer, word);
    word = {begin, writer.size()};
  }
  writer.commit();
}

/// Replaces the words by those that `split(Range word, NewWords& out)` makes of each.
template <class Split>
void split_words(Words& words, Split split) {
  NewWords out(words.text);
  for (const Range word : words.ranges) split(word, out);
  words.ranges = out.take();
}

}  // namespace locus::tokenization
