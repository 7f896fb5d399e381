#include "tokenizer/stream_decoder.hpp"

#include <algorithm>
#include <cctype>
#include <span>

#include "tokenizer/pipeline/pipeline.hpp"

namespace locus {
namespace {

constexpr std::string_view replacement = "\uFFFD";
constexpr std::size_t followed = 8;  // ids before a text that decide how it begins

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte);
}

// The clean-up takes spaces away before punctuation and "n't": it leaves alone a space between
// other characters, so that what precedes the last such space is certain.
std::size_t certain_size(std::string_view text) {
  for (std::size_t at = text.size(); at-- > 1;) {
    if (text[at] != ' ' || at + 1 == text.size()) continue;
    if (is_plain(text[at - 1]) && is_plain(text[at + 1]) && text[at + 1] != 'n') return at;
  }
  return 0;
}

}  // namespace

StreamDecoder::StreamDecoder(std::shared_ptr<const Tokenizer> tokenizer, DecodeOptions options)
    : tokenizer_(std::move(tokenizer)), options_(std::move(options)) {}

void StreamDecoder::follow(std::span<const int32_t> ids) {
  const auto last = ids.last(std::min(ids.size(), followed));
  window_.assign(last.begin(), last.end());
  context_ = window_.size();
  given_ = tokenizer_->pipeline().join(window_, options_);
}

std::string StreamDecoder::push(std::span<const int32_t> ids) {
  window_.insert(window_.end(), ids.begin(), ids.end());
  const std::string decoded = tokenizer_->pipeline().join(window_, options_);
  if (decoded.ends_with(replacement)) return {};
  pending_ += take_fresh(decoded);
  return take_certain();
}

std::string StreamDecoder::finish() {
  pending_ += take_fresh(tokenizer_->pipeline().join(window_, options_));
  std::string rest = tokenizer_->pipeline().clean(std::move(pending_));
  *this = StreamDecoder(tokenizer_, options_);
  return rest;
}

std::string StreamDecoder::take_fresh(const std::string& decoded) {
  std::string fresh;
  const auto& pipeline = tokenizer_->pipeline();
  if (decoded.starts_with(given_)) {
    fresh = decoded.substr(given_.size());
  } else {  // malformed bytes spoilt the context's text, which has been given out
    fresh = pipeline.join(std::span(window_).subspan(context_), options_);
  }
  if (fresh.empty()) return fresh;
  window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(context_));
  context_ = window_.size();
  given_ = pipeline.join(window_, options_);
  return fresh;
}

std::string StreamDecoder::take_certain() {
  const auto& pipeline = tokenizer_->pipeline();
  const std::size_t size = pipeline.cleans_spaces ? certain_size(pending_) : pending_.size();
  std::string certain = pipeline.clean(pending_.substr(0, size));
  pending_.erase(0, size);
  return certain;
}

}  // namespace locus
