#include "tokenizer/text/aligned_text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/error.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t copied_at_once = std::size_t{1} << 16;

bool begins_code_point(std::string_view text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

AlignedText::AlignedText(std::string_view source, Alignment alignment, Watch& watch)
    : source_(source),
      alignment_(alignment),
      watch_(&watch),
      max_size_(max_growth * source.size() + more_growth) {}

AlignedText AlignedText::part(std::size_t begin, std::size_t end) const {
  const bool aligned = alignment_ == Alignment::bytes;
  AlignedText part(rewritten_ ? "" : source_.substr(begin, end - begin), alignment_, *watch_);
  part.offset_ = rewritten_ && aligned ? origins_[begin].begin : offset_ + begin;
  if (!rewritten_) return part;
  part.max_size_ = max_size_;
  part.rewritten_ = true;
  part.text_.reserve(end - begin);
  part.origins_.reserve(aligned ? end - begin : 0);
  for (std::size_t at = begin; at < end; at += copied_at_once) {
    const std::size_t size = std::min(end - at, copied_at_once);
    part.text_.append(text_, at, size);
    if (aligned) {
      const auto first = origins_.begin() + static_cast<std::ptrdiff_t>(at);
      part.origins_.insert(part.origins_.end(), first, first + static_cast<std::ptrdiff_t>(size));
    }
    watch_->spend(size);
  }
  return part;
}

Span AlignedText::origin(std::size_t begin, std::size_t end) const {
  if (begin >= end) {
    const Range at = origin_of_byte(begin);
    return {at.begin, at.begin};
  }
  return {origin_of_byte(begin).begin, origin_of_byte(end - 1).end};
}

Range AlignedText::origin_of_byte(std::size_t at) const {
  if (rewritten_) {
    if (at < origins_.size()) return origins_[at];
    const std::size_t end = origins_.empty() ? offset_ : origins_.back().end;
    return {end, end};
  }
  std::size_t begin = at, end = at + 1;
  while (begin > 0 && !begins_code_point(source_, begin)) --begin;
  while (!begins_code_point(source_, end)) ++end;
  return {offset_ + begin, offset_ + end};
}

Rewriter::Rewriter(AlignedText& text) : owner_(text), view_(text.view()) {
  text_.reserve(2 * view_.size());  // to move many megabytes takes long, and nobody can end it
  if (owner_.alignment_ == Alignment::bytes) origins_.reserve(text_.capacity());
}

void Rewriter::expect_room(std::size_t more) const {
  if (text_.size() + more <= owner_.max_size_) return;
  throw Error("normalized text", "at most " + std::to_string(owner_.max_size_) + " bytes", "more");
}

void Rewriter::tell() {
  constexpr std::size_t bytes_at_once = 4096;
  owner_.watch_->spend(text_.size() - told_);
  told_ = text_.size();
  next_ = told_ + bytes_at_once;
}

void Rewriter::copy(std::size_t begin, std::size_t end) {
  text_.append(view_, begin, end - begin);
  note();
  if (owner_.alignment_ == Alignment::none) return;
  while (begin < end) {
    const std::size_t some = std::min(end, begin + copied_at_once);
    owner_.watch_->spend(some - begin);
    for (; begin < some; ++begin) origins_.push_back(owner_.origin_of_byte(begin));
  }
}

void Rewriter::put(std::string_view bytes, std::size_t source) {
  expect_room(bytes.size());
  text_ += bytes;
  note();
  if (owner_.alignment_ == Alignment::none) return;
  origins_.insert(origins_.end(), bytes.size(), owner_.origin_of_byte(source));
}

void Rewriter::put(char32_t c, std::size_t source) {
  const std::size_t before = text_.size();
  append(text_, c);
  note();
  if (owner_.alignment_ == Alignment::none) return;
  origins_.insert(origins_.end(), text_.size() - before, owner_.origin_of_byte(source));
}

void Rewriter::commit() {
  expect_room(0);
  if (text_.size() > INT32_MAX) {
    throw Error("normalized text", "less than 2 GiB", std::to_string(text_.size()) + " bytes");
  }
  owner_.text_ = std::move(text_);
  owner_.origins_ = std::move(origins_);
  owner_.rewritten_ = true;
}

}  // namespace locus::tokenization
