// From the matches of a pattern to words: one rule for every pre-tokenizer that splits.
#pragma once

#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"

namespace locus::tokenization {

/// Collects consecutive stretches of one word, which either match or do not, and joins them as the
/// delimiter's rule says.
class Delimiting {
 public:
  Delimiting(Delimiter delimiter, NewWords& words) : delimiter_(delimiter), words_(words) {}

  void begin_word() {
    first_ = words_.size();
    previous_matched_ = false;
  }
  void add(Range stretch, bool matched);

 private:
  bool joins_previous(bool matched) const;

  Delimiter delimiter_;
  NewWords& words_;
  std::size_t first_ = 0;          // of the current word's pieces
  bool previous_matched_ = false;  // the stretch before, and it may be extended
};

}  // namespace locus::tokenization
