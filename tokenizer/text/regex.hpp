// The regular expressions that tokenizer.json files hold, by the library that the reference runs.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/watch.hpp"
#include "tokenizer/text/range.hpp"

struct re_pattern_buffer;  // Oniguruma's regex_t

namespace locus::tokenization {

/// An expression in Oniguruma's syntax over Unicode code points. The constructor throws `Error` on
/// one that Oniguruma refuses, that is longer than `max_bytes` or has more than
/// `max_brackets` groups and classes, each of which the compiler may call itself for.
class Regex {
 public:
  static constexpr std::size_t max_bytes = 4096;
  static constexpr std::ptrdiff_t max_brackets = 256;

  explicit Regex(std::string_view pattern);
  ~Regex();
  Regex(Regex&&) noexcept;

  /// The first match that begins at byte `from` or later, in well-formed text. Throws `Error` when
  /// matching gives up: after 1 million steps back from one place (10,000 where it asks for what a
  /// group has matched), after 10 million and 64 more for each byte of the text in all, or with
  /// more than 16 million places to go back to. `watch` is asked before, and every few milliseconds
  /// between two places that a match might begin at.
  std::optional<Range> search(std::string_view text, std::size_t from, Watch& watch) const;

 private:
  struct Free {
    void operator()(re_pattern_buffer* compiled) const;
  };
  std::unique_ptr<re_pattern_buffer, Free> compiled_;
  unsigned long max_retries_of_place_;
};

}  // namespace locus::tokenization
