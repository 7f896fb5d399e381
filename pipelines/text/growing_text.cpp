#include "pipelines/text/growing_text.hpp"

namespace locus::pipelines {

GrowingText::GrowingText(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops,
                         std::span<const int32_t> before)
    : stop_(std::move(stops)) {
  if (!tokenizer) return;
  decoder_.emplace(std::move(tokenizer), DecodeOptions{.skip_special = true});
  decoder_->follow(before);
}

std::string GrowingText::push(int32_t id) {
  return keep(decoder_ ? stop_.push(decoder_->push(id)) : std::to_string(id) + " ");
}

std::string GrowingText::finish() {
  auto last = decoder_ ? stop_.push(decoder_->finish()) : std::string();
  return keep(last + stop_.finish());
}

std::string GrowingText::keep(std::string piece) {
  text_ += piece;
  return piece;
}

}  // namespace locus::pipelines
