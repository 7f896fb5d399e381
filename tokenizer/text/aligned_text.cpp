#include "tokenizer/text/aligned_text.hpp"

#include <cstdint>

#include "base/error.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

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
  part.offset_ =
      rewritten_ && aligned ? static_cast<std::size_t>(origins_[begin].begin) : offset_ + begin;
  if (!rewritten_) return part;
  part.max_size_ = max_size_;
  part.rewritten_ = true;
  part.text_ = text_.substr(begin, end - begin);
  if (aligned) {
    part.origins_.assign(origins_.begin() + static_cast<std::ptrdiff_t>(begin),
                         origins_.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return part;
}

Span AlignedText::origin(std::size_t begin, std::size_t end) const {
  if (begin >= end) {
    const Span at = origin_of_byte(begin);
    return {at.begin, at.begin};
  }
  return {origin_of_byte(begin).begin, origin_of_byte(end - 1).end};
}

Span AlignedText::origin_of_byte(std::size_t at) const {
  if (rewritten_) {
    if (at < origins_.size()) return origins_[at];
    const auto end = origins_.empty() ? static_cast<int64_t>(offset_) : origins_.back().end;
    return {end, end};
  }
  std::size_t begin = at, end = at + 1;
  while (begin > 0 && !begins_code_point(source_, begin)) --begin;
  while (!begins_code_point(source_, end)) ++end;
  return {static_cast<int64_t>(offset_ + begin), static_cast<int64_t>(offset_ + end)};
}

Rewriter::Rewriter(AlignedText& text) : owner_(text), view_(text.view()) {
  text_.reserve(view_.size() + view_.size() / 8);
  if (owner_.alignment_ == Alignment::bytes) origins_.reserve(text_.capacity());
}

void Rewriter::expect_room(std::size_t more) const {
  if (text_.size() + more <= owner_.max_size_) return;
  throw Error("normalized text", "at most " + std::to_string(owner_.max_size_) + " bytes", "more");
}

void Rewriter::copy(std::size_t begin, std::size_t end) {
  text_.append(view_, begin, end - begin);
  note(end - begin);
  if (owner_.alignment_ == Alignment::none) return;
  for (std::size_t at = begin; at < end; ++at) {
    note(1);
    origins_.push_back(owner_.origin_of_byte(at));
  }
}

void Rewriter::put(std::string_view bytes, std::size_t source) {
  expect_room(bytes.size());
  text_ += bytes;
  note(bytes.size());
  if (owner_.alignment_ == Alignment::none) return;
  origins_.insert(origins_.end(), bytes.size(), owner_.origin_of_byte(source));
}

void Rewriter::put(char32_t c, std::size_t source) {
  const std::size_t before = text_.size();
  append(text_, c);
  note(text_.size() - before);
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
