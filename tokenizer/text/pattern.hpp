// What a Split or Replace component looks for: a literal string or a regular expression.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "tokenizer/text/regex.hpp"
#include "tokenizer/text/scanners.hpp"

namespace locus::tokenization {

class Pattern {
 public:
  explicit Pattern(std::string literal) : what_(std::move(literal)) {}
  explicit Pattern(Scanner scanner) : what_(scanner) {}
  explicit Pattern(Regex regex) : what_(std::move(regex)) {}

  /// An expression: scanned by hand where it is a known one.
  static Pattern of_expression(std::string_view expression);

  /// The first match at byte `from` or later.
  std::optional<Range> search(std::string_view text, std::size_t from, Watch& watch) const;

 private:
  std::variant<std::string, Scanner, Regex> what_;
};

/// Throws Error for a match between two characters, which `component` does not follow: the
/// reference counts it.
void expect_characters(Range match, std::string_view component);

}  // namespace locus::tokenization
