#include "evaluation/score_text.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/watch.hpp"
#include "evaluation/scoring/long_list.hpp"

namespace locus {
namespace {

/// A code point and where it lies. Bytes that are not UTF-8 stand for themselves.
struct CodePoint {
  uint32_t value = 0;
  int64_t begin = 0;
  int64_t end = 0;
};

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

CodePoint code_point_at(std::string_view raw, int64_t begin) {
  const auto lead = static_cast<unsigned char>(raw[static_cast<size_t>(begin)]);
  const int length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  int64_t end = begin + 1;
  const int64_t limit = std::min<int64_t>(begin + length, static_cast<int64_t>(raw.size()));
  for (; end < limit && continues(raw[static_cast<size_t>(end)]); ++end) {
    value = value << 6 | (static_cast<unsigned char>(raw[static_cast<size_t>(end)]) & 0x3F);
  }
  return {value, begin, end};
}

// What Python's `str.split` splits at, so that counts agree with scripts.
bool is_white_space(uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

/// Calls `visit(code point, whether a word begins with it)` from the beginning to the end.
template <typename Visit>
void for_each_code_point(std::string_view raw, bool inside, const Visit& visit) {
  for (int64_t begin = 0; begin < static_cast<int64_t>(raw.size());) {
    const CodePoint point = code_point_at(raw, begin);
    const bool space = is_white_space(point.value);
    visit(point, !space && !inside);
    inside = !space;
    begin = point.end;
  }
}

/// Where the raw text of each token ends: tokens may overlap (several bytes of one character) and
/// leave gaps, their shares do neither.
std::vector<int64_t> share_ends(std::string_view raw,
                                std::span<const std::pair<int64_t, int64_t>> offsets,
                                Watch& watch) {
  const auto size = static_cast<int64_t>(raw.size());
  std::vector<int64_t> ends;
  for (const auto& [begin, end] : offsets) {
    watch.spend(1);
    if (begin < 0 || begin > end || end > size) {
      throw Error("token offsets", "bytes of a text of " + std::to_string(size),
                  "[" + std::to_string(begin) + ", " + std::to_string(end) + ")");
    }
    ends.push_back(std::max(end, ends.empty() ? 0 : ends.back()));
  }
  if (!ends.empty()) ends.back() = size;
  return ends;
}

TokenExtents extents_of(std::string_view raw, std::span<const int64_t> ends, bool within_word,
                        Watch& watch) {
  TokenExtents extents;
  Extent extent;
  int64_t begin = 0;
  const auto complete = [&] {
    const int64_t end = ends[extents.size()];
    extent.bytes = end - std::exchange(begin, end);
    extents.push_back(std::exchange(extent, {}));
  };
  for_each_code_point(raw, within_word, [&](const CodePoint& point, bool begins_word) {
    watch.spend(1);
    while (extents.size() < ends.size() && ends[extents.size()] <= point.begin) complete();
    extent.characters += 1;
    extent.words += begins_word ? 1 : 0;
  });
  while (extents.size() < ends.size()) complete();
  return extents;
}

bool begins_word(std::string_view raw, int64_t begin, int64_t end, const Extent& extent) {
  if (extent.words > 0) return true;
  if (extent.bytes == 0) return false;  // a later byte of a character
  const auto held = raw.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  return !held.empty() && measure(held).words == 0;  // white space alone is no part of a word
}

}  // namespace

Extent measure(std::string_view raw) {
  Extent total{static_cast<int64_t>(raw.size()), 0, 0};
  for_each_code_point(raw, false, [&](const CodePoint&, bool begins_word) {
    total.characters += 1;
    total.words += begins_word ? 1 : 0;
  });
  return total;
}

void Text::append(const Text& part) {
  evaluation::append(ids, part.ids);
  extents.append(part.extents);
  byte_begin.append(part.byte_begin);
  evaluation::append(word_start, part.word_start);
}

void Text::drop_front(std::size_t count) {
  const auto drop = [&](auto& from) {
    const std::size_t held = std::min(count, from.size());
    from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(held));
  };
  drop(ids);
  extents.drop_front(count);
  byte_begin.drop_front(count);
  drop(word_start);
}

Text make_text(std::string_view raw, std::vector<int32_t> ids,
               std::span<const std::pair<int64_t, int64_t>> offsets,
               const std::function<void()>& check) {
  return make_text(raw, std::move(ids), offsets, {}, check);
}

Text make_text(std::string_view raw, std::vector<int32_t> ids,
               std::span<const std::pair<int64_t, int64_t>> offsets, const Stretch& stretch,
               const std::function<void()>& check) {
  Watch watch(check);
  if (ids.size() != offsets.size()) {
    throw Error("text", std::to_string(ids.size()) + " token offsets",
                std::to_string(offsets.size()));
  }
  Text text;
  text.ids = std::move(ids);
  text.extents = extents_of(raw, share_ends(raw, offsets, watch), stretch.within_word, watch);
  for (size_t i = 0; i < offsets.size(); ++i) {
    watch.spend(1);
    const auto& [begin, end] = offsets[i];
    text.byte_begin.push_back(stretch.begin + begin);
    const bool first = i == 0 && stretch.begin == 0;
    text.word_start.push_back(first || begins_word(raw, begin, end, text.extents[i]) ? 1 : 0);
  }
  return text;
}

bool ends_within_word(std::string_view raw) {
  auto begin = static_cast<int64_t>(raw.size()) - 1;
  while (begin > 0 && continues(raw[static_cast<size_t>(begin)])) --begin;
  return !is_white_space(code_point_at(raw, begin).value);
}

}  // namespace locus
