#include "pipelines/text/text_parts.hpp"

#include <utility>
#include <vector>

#include "base/watch.hpp"

namespace locus::pipelines {

TextParts::TextParts(std::shared_ptr<const Tokenizer> tokenizer, ReadOn read, PartSettings settings)
    : tokenizer_(tokenizer),
      check_(settings.check),
      encoder_(std::move(tokenizer), std::move(read), std::move(settings)) {}

Text TextParts::next() {
  const auto part = encoder_.next();
  return part ? text_of(*part) : Text{};
}

Text TextParts::text_of(const EncodedPart& part) {
  std::vector<std::pair<int64_t, int64_t>> offsets;
  for (const Span& span : part.offsets) offsets.emplace_back(span.begin, span.end);
  Text text = make_text(part.raw, part.ids, offsets, {part.begin, within_word_}, check_);
  Watch watch(check_);
  for (size_t i = 0; i < text.ids.size(); ++i) {  // a mark counts as white space does
    watch.spend(Watch::bytes_per_token);
    const bool after_end = last_ && tokenizer_->ends_word(*last_);
    const bool marked = last_ && (tokenizer_->starts_word(text.ids[i]) || after_end);
    text.word_start[i] = marked || text.word_start[i];
    last_ = text.ids[i];
  }
  if (!part.raw.empty()) within_word_ = ends_within_word(part.raw);
  return text;
}

}  // namespace locus::pipelines
