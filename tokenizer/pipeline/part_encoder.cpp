#include "tokenizer/part_encoder.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/pipeline/assembling.hpp"
#include "tokenizer/pipeline/pipeline.hpp"

namespace locus {
namespace {

constexpr int64_t overlaps = 16;  // of a part, one is read twice

/// Tokens [begin, end) of a stretch.
struct TokenRange {
  std::size_t begin = 0, end = 0;
};

/// The tokens that lie within bytes [low, high).
TokenRange tokens_within(const std::vector<Span>& offsets, int64_t low, int64_t high) {
  const auto first = std::ranges::lower_bound(offsets, low, {}, &Span::begin);
  const auto last = std::ranges::upper_bound(offsets, high, {}, &Span::end);
  const auto begin = static_cast<std::size_t>(first - offsets.begin());
  return {begin, std::max(begin, static_cast<std::size_t>(last - offsets.begin()))};
}

template <typename T>
std::span<const T> part_of(const std::vector<T>& values, TokenRange range) {
  return std::span(values).subspan(range.begin, range.end - range.begin);
}

bool in_order(std::span<const Span> offsets) {
  return std::ranges::is_sorted(offsets, {}, &Span::begin) &&
         std::ranges::is_sorted(offsets, {}, &Span::end);
}

/// The first token after a cut, as near to the middle as may be: neither it nor the one before it
/// is without bytes or shares them with the other. 0 where there is none.
std::size_t cut_between(std::span<const Span> offsets) {
  const std::size_t middle = offsets.size() / 2;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    const std::size_t at = 1 + (middle + i) % (offsets.size() - 1);
    const Span &before = offsets[at - 1], &after = offsets[at];
    if (before.begin < before.end && before.end <= after.begin && after.begin < after.end) {
      return at;
    }
  }
  return 0;
}

}  // namespace

PartEncoder::PartEncoder(std::shared_ptr<const Tokenizer> tokenizer, ReadOn read,
                         PartSettings settings)
    : tokenizer_(std::move(tokenizer)), read_(std::move(read)), settings_(std::move(settings)) {
  settings_.bytes = std::max<std::size_t>(settings_.bytes, 64);
}

std::optional<EncodedPart> PartEncoder::next() {
  if (present_.end == 0) {
    fill(settings_.bytes);
    present_ = encode(0);
  } else if (ended() && given_ == present_.end) {
    return std::nullopt;
  }
  for (std::size_t more = settings_.bytes; !ended(); more *= 2) {
    expect_cuttable();
    fill(more);
    if (ended()) break;
    auto found = cut(static_cast<int64_t>(more) / overlaps);
    if (!found) {
      present_ = encode(present_.begin);
      first_ = static_cast<std::size_t>(
          std::ranges::lower_bound(present_.offsets, given_, {}, &Span::begin) -
          present_.offsets.begin());
      continue;
    }
    EncodedPart part = take(found->before, present_.offsets[found->before - 1].end);
    present_ = std::move(found->next);
    first_ = found->after;
    buffer_.erase(0, static_cast<std::size_t>(present_.begin - buffer_begin_));
    buffer_begin_ = present_.begin;
    return part;
  }
  if (present_.end == 0) return std::nullopt;
  return take(present_.ids.size(), present_.end);
}

/// A text that can be cut nowhere, such as a word without an end, is held whole.
void PartEncoder::expect_cuttable() const {
  if (buffer_.size() <= settings_.max_bytes) return;
  throw Error(settings_.who, "words of at most " + std::to_string(settings_.max_bytes) + " bytes",
              "a longer one from byte " + std::to_string(buffer_begin_) + " on");
}

/// What it reads is UTF-8, but for a character that is not complete yet.
void PartEncoder::fill(std::size_t bytes) {
  if (read_all_) return;
  const std::string more = read_(bytes);
  read_all_ = more.size() < bytes;
  buffer_ += more;
  const auto fresh =
      std::string_view(buffer_).substr(static_cast<std::size_t>(checked_ - buffer_begin_));
  const std::size_t whole = fresh.size() - (read_all_ ? 0 : utf8::incomplete_tail(fresh));
  utf8::require_utf8(fresh.substr(0, whole), settings_.who, checked_);
  checked_ += static_cast<int64_t>(whole);
}

/// Of everything from a byte on that was read and is whole.
PartEncoder::Stretch PartEncoder::encode(int64_t begin) const {
  const auto text = std::string_view(buffer_).substr(
      static_cast<std::size_t>(begin - buffer_begin_), static_cast<std::size_t>(checked_ - begin));
  Watch watch(settings_.check);
  tokenization::Input input{text, tokenizer_->pipeline().tokenize(text, watch)};
  tokenization::trim_offsets(tokenizer_->pipeline(), input, watch);
  Stretch stretch{begin, checked_, {}, {}};
  stretch.ids.reserve(input.tokens.size());
  stretch.offsets.reserve(input.tokens.size());
  for (const auto& token : input.tokens) {
    stretch.ids.push_back(token.id);
    stretch.offsets.push_back({token.origin.begin + begin, token.origin.end + begin});
  }
  return stretch;
}

std::optional<PartEncoder::Cut> PartEncoder::cut(int64_t overlap) const {
  int64_t from = std::max(present_.end - overlap, given_ + 1);
  const auto byte = [&](int64_t at) {
    return buffer_[static_cast<std::size_t>(at - buffer_begin_)];
  };
  while (from < present_.end && (byte(from) & 0xC0) == 0x80) ++from;
  const int64_t margin = overlap / 4;
  if (from + 2 * margin >= present_.end || checked_ == present_.end) return std::nullopt;
  Cut cut{0, encode(from), 0};
  const auto here = tokens_within(present_.offsets, from + margin, present_.end - margin);
  const auto there = tokens_within(cut.next.offsets, from + margin, present_.end - margin);
  const auto offsets = part_of(present_.offsets, here);
  const bool same = std::ranges::equal(part_of(present_.ids, here), part_of(cut.next.ids, there)) &&
                    std::ranges::equal(offsets, part_of(cut.next.offsets, there));
  const std::size_t at = same && in_order(offsets) ? cut_between(offsets) : 0;
  if (at == 0) return std::nullopt;
  cut.before = here.begin + at;
  cut.after = there.begin + at;
  return cut;
}

/// The tokens up to one of the present stretch, and the text up to a byte.
EncodedPart PartEncoder::take(std::size_t end, int64_t end_byte) {
  EncodedPart part;
  part.begin = given_;
  part.raw = buffer_.substr(static_cast<std::size_t>(given_ - buffer_begin_),
                            static_cast<std::size_t>(end_byte - given_));
  for (std::size_t i = first_; i < end; ++i) {
    part.ids.push_back(present_.ids[i]);
    const Span& span = present_.offsets[i];
    part.offsets.push_back({span.begin - given_, span.end - given_});
  }
  first_ = end;
  given_ = end_byte;
  return part;
}

}  // namespace locus
