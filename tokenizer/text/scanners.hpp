// The expressions of published tokenizers, scanned by hand: several times as fast as Oniguruma,
// with the same matches.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tokenizer/text/range.hpp"

namespace locus::tokenization {

/// The first match at byte `from` or later of well-formed text.
using Scanner = std::optional<Range> (*)(std::string_view text, std::size_t from);

/// The scanner that finds what an expression matches; null for one without a scanner.
Scanner scanner_of(std::string_view expression);

/// GPT-2's words (Radford et al. 2019, section 2.2): contractions, and runs of letters, of numbers,
/// of anything else, each with one space before it, and white space.
std::optional<Range> scan_gpt2_word(std::string_view text, std::size_t from);
/// Appends those that follow each other from `begins.begin` on, and begin before `begins.end`.
void append_gpt2_words(std::string_view text, Range begins, std::vector<Range>& words);

/// `\w+|[^\w\s]+` of Rust's crate, which the pre-tokenizer Whitespace runs.
std::optional<Range> scan_word(std::string_view text, std::size_t from);

}  // namespace locus::tokenization
