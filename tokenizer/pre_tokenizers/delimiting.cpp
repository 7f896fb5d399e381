#include "tokenizer/pre_tokenizers/delimiting.hpp"

namespace locus::tokenization {

bool Delimiting::joins_previous(bool matched) const {
  switch (delimiter_) {
    case Delimiter::merged_with_previous:
      return matched && !previous_matched_;
    case Delimiter::merged_with_next:
      return !matched && previous_matched_;
    case Delimiter::contiguous:
      return matched == previous_matched_;
    default:
      return false;
  }
}

void Delimiting::add(Range stretch, bool matched) {
  if (stretch.begin == stretch.end) return;
  words_.reach(stretch.end);
  const bool joins = words_.size() > first_ && joins_previous(matched);
  previous_matched_ = matched;
  if (matched && delimiter_ == Delimiter::removed) return;
  if (joins) {
    words_.back().end = stretch.end;
  } else {
    words_.push_back(stretch);
  }
}

}  // namespace locus::tokenization
