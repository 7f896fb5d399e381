// Text on its way through normalizers, which remembers where its bytes came from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/watch.hpp"
#include "tokenizer/encoded_text.hpp"
#include "tokenizer/text/range.hpp"

namespace locus::tokenization {

/// Whether a text keeps the origin of each byte. Ids alone need none.
enum class Alignment { none, bytes };

/// Starts as a view of the input and becomes a string of its own with the first `Rewriter`.
class AlignedText {
 public:
  /// How far rewriting may make a text grow: this many bytes for each of the source's, and more.
  static constexpr std::size_t max_growth = 64, more_growth = 1 << 16;

  /// All of an input. `source` and `watch` outlive this object.
  AlignedText(std::string_view source, Alignment alignment, Watch& watch);

  std::string_view view() const { return rewritten_ ? std::string_view(text_) : source_; }
  /// Bytes of the input that bytes [begin, end) stand for, widened to whole code points.
  Span origin(std::size_t begin, std::size_t end) const;
  /// Bytes [begin, end) as a text of their own.
  AlignedText part(std::size_t begin, std::size_t end) const;
  /// Where the text begins in the input.
  std::size_t offset() const { return offset_; }
  /// Of the work on it.
  Watch& watch() const { return *watch_; }

 private:
  friend class Rewriter;
  Range origin_of_byte(std::size_t at) const;

  std::string_view source_;
  std::size_t offset_ = 0;
  Alignment alignment_;
  Watch* watch_;
  std::size_t max_size_;  // of text_
  bool rewritten_ = false;
  std::string text_;
  std::vector<Range> origins_;  // of each byte of text_; empty without alignment
};

/// Writes the next version of a text from left to right; `commit` puts it in place.
class Rewriter {
 public:
  explicit Rewriter(AlignedText& text);

  std::string_view view() const { return view_; }
  std::size_t size() const { return text_.size(); }

  /// Keeps bytes [begin, end) as they are.
  void copy(std::size_t begin, std::size_t end);
  /// Writes other bytes that stand for the code point at byte `source` of the old version. Throws
  /// `Error` when the text has grown too far.
  void put(std::string_view bytes, std::size_t source);
  void put(char32_t c, std::size_t source);
  void commit();

 private:
  void expect_room(std::size_t more) const;
  /// Something was written.
  void note() {
    if (text_.size() >= next_) tell();
  }
  void tell();

  AlignedText& owner_;
  std::string_view view_;
  std::string text_;
  std::size_t told_ = 0, next_ = 0;  // bytes of text_ that the watch knows of, and when it is told
  std::vector<Range> origins_;
};

}  // namespace locus::tokenization
