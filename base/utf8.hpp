// Code points of UTF-8 text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace locus::utf8 {

struct CodePoint {
  char32_t value;
  std::size_t size;  // in bytes
};

/// Throws `Error` naming the offset of the first byte that is not part of well-formed UTF-8
/// (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF), or when the
/// text has 2 GiB or more: offsets into it, and into what normalization makes of it, have 32 bits.
/// The message begins with `who`, and counts from `first` on where the text is a part of another.
void require_utf8(std::string_view text, std::string_view who = "text", int64_t first = 0);

/// `require_utf8` of a text of any length that is read in parts.
class Utf8Check {
 public:
  explicit Utf8Check(std::string who) : who_(std::move(who)) {}
  void add(std::string_view part);
  /// Throws Error where the last character is not whole.
  void finish() const { require_utf8(tail_, who_, checked_); }

 private:
  std::string who_;
  std::string tail_;     // begins a character
  int64_t checked_ = 0;  // bytes before it
};

/// The code point that begins at byte `at` of well-formed text.
CodePoint code_point(std::string_view text, std::size_t at);

/// The byte where the code point before byte `at` begins; `at` must not be 0.
std::size_t previous(std::string_view text, std::size_t at);

/// Appends a code point to a text as UTF-8.
void append(std::string& text, char32_t value);

/// The number of code points in well-formed text.
std::size_t count_code_points(std::string_view text);

/// Bytes to text; each maximal ill-formed part becomes one `replacement` (Unicode 15, section 3.9).
std::string repaired(std::string_view bytes, std::string_view replacement = "\uFFFD");

/// Whether the bytes are well-formed UTF-8.
bool is_utf8(std::string_view bytes);

/// How many bytes at the end begin a code point that is not complete yet: 0 to 3.
std::size_t incomplete_tail(std::string_view bytes);

}  // namespace locus::utf8
