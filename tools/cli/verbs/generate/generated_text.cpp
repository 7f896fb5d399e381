#include "tools/cli/verbs/generate/generated_text.hpp"

namespace locus::cli {

GeneratedText::GeneratedText(std::shared_ptr<const Tokenizer> tokenizer,
                             std::vector<std::string> stops)
    : stop_(std::move(stops)) {
  if (tokenizer) decoder_.emplace(std::move(tokenizer), DecodeOptions{.skip_special = true});
}

std::string GeneratedText::push(int32_t id) {
  return keep(decoder_ ? stop_.push(decoder_->push(id)) : std::to_string(id) + " ");
}

std::string GeneratedText::finish() {
  auto last = decoder_ ? stop_.push(decoder_->finish()) : std::string();
  return keep(last + stop_.finish());
}

std::string GeneratedText::keep(std::string piece) {
  text_ += piece;
  return piece;
}

}  // namespace locus::cli
