#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

#include "base/error.hpp"

namespace locus::utf8 {
namespace {

constexpr std::size_t size_limit = std::size_t{1} << 31;

struct Sequence {
  std::size_t size = 0;      // bytes of the well-formed part
  std::size_t expected = 1;  // bytes that the first byte announces
  bool well_formed = false;
};

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

std::size_t announced_size(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

// The second byte's range depends on the first: Unicode 15, table 3-7.
bool second_byte_fits(unsigned char first, unsigned char second) {
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

Sequence sequence_at(std::string_view text, std::size_t at) {
  const unsigned char first = byte_at(text, at);
  Sequence sequence;
  sequence.expected = announced_size(first);
  sequence.size = 1;
  if (sequence.expected == 0) return sequence;
  for (; sequence.size < sequence.expected && at + sequence.size < text.size(); ++sequence.size) {
    const unsigned char next = byte_at(text, at + sequence.size);
    const bool fits = sequence.size == 1 ? second_byte_fits(first, next) : (next & 0xC0) == 0x80;
    if (!fits) return sequence;
  }
  sequence.well_formed = sequence.size == sequence.expected;
  return sequence;
}

std::size_t skip_ascii(std::string_view text, std::size_t at) {
  for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (word & 0x8080808080808080u) break;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) ++at;
  return at;
}

std::size_t first_ill_formed(std::string_view text) {
  std::size_t at = 0;
  while ((at = skip_ascii(text, at)) < text.size()) {
    const Sequence sequence = sequence_at(text, at);
    if (!sequence.well_formed) return at;
    at += sequence.size;
  }
  return text.size();
}

}  // namespace

void require_utf8(std::string_view text, std::string_view who, int64_t first) {
  if (text.size() >= size_limit) {
    throw Error(who, "less than 2 GiB", std::to_string(text.size()) + " bytes");
  }
  const std::size_t at = first_ill_formed(text);
  if (at == text.size()) return;
  const char digits[] = "0123456789abcdef";
  const unsigned char found = byte_at(text, at);
  throw Error(who, "UTF-8",
              std::string("byte 0x") + digits[found >> 4] + digits[found & 15] + " at offset " +
                  std::to_string(first + static_cast<int64_t>(at)));
}

void Utf8Check::add(std::string_view part) {
  tail_ += part;
  const std::size_t whole = tail_.size() - incomplete_tail(tail_);
  require_utf8(std::string_view(tail_).substr(0, whole), who_, checked_);
  checked_ += static_cast<int64_t>(whole);
  tail_.erase(0, whole);
}

bool is_utf8(std::string_view bytes) { return first_ill_formed(bytes) == bytes.size(); }

CodePoint code_point(std::string_view text, std::size_t at) {
  const unsigned char first = byte_at(text, at);
  const auto tail = [&](std::size_t i) { return char32_t(byte_at(text, at + i) & 0x3F); };
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {char32_t(first & 0x1F) << 6 | tail(1), 2};
  if (first < 0xF0) return {char32_t(first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
  return {char32_t(first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

std::size_t previous(std::string_view text, std::size_t at) {
  do {
    --at;
  } while (at > 0 && (byte_at(text, at) & 0xC0) == 0x80);
  return at;
}

void append(std::string& text, char32_t value) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | value >> 6);
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string repaired(std::string_view bytes, std::string_view replacement) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Sequence sequence = sequence_at(bytes, at);
    if (sequence.well_formed) {
      text.append(bytes, at, sequence.size);
    } else {
      text += replacement;
    }
    at += sequence.size;
  }
  return text;
}

std::size_t incomplete_tail(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const std::size_t at = bytes.size() - back;
    if ((byte_at(bytes, at) & 0xC0) == 0x80) continue;
    const Sequence sequence = sequence_at(bytes, at);
    return !sequence.well_formed && sequence.expected > sequence.size && sequence.size == back
               ? back
               : 0;
  }
  return 0;
}

}  // namespace locus::utf8
