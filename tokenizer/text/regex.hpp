// The regular expressions that tokenizer.json files hold, over Unicode code points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace locus::tokenization {

namespace regex {
struct Program;
}

/// Bytes of a text, which has less than 4 GiB.
struct Range {
  Range() = default;
  Range(std::size_t first, std::size_t last)
      : begin(static_cast<uint32_t>(first)), end(static_cast<uint32_t>(last)) {}
  uint32_t begin = 0, end = 0;
};

/// A backtracking matcher for the part of Oniguruma's syntax that published tokenizers use:
/// alternation; the groups `( (?: (?i: (?> (?= (?! (?<= (?<!`; the quantifiers `* + ? {m,n}`, also
/// lazy
/// (`?`) and possessive (`+`); classes with negation, ranges, escapes and `\p{..}`; `.`, `^`, `$`,
/// `\b`. Throws `Error` at construction on anything else, naming it.
class Regex {
 public:
  explicit Regex(std::string_view pattern);
  ~Regex();
  Regex(Regex&&) noexcept;

  /// The first match that begins at byte `from` or later, in well-formed text.
  std::optional<Range> search(std::string_view text, std::size_t from) const;

 private:
  std::unique_ptr<const regex::Program> program_;
};

}  // namespace locus::tokenization
