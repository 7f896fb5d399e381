#include "tokenizer/text/pattern.hpp"

#include "base/error.hpp"

namespace locus::tokenization {

Pattern Pattern::of_expression(std::string_view expression) {
  if (const Scanner scanner = scanner_of(expression)) return Pattern(scanner);
  return Pattern(Regex(expression));
}

std::optional<Range> Pattern::search(std::string_view text, std::size_t from, Watch& watch) const {
  if (const auto* scanner = std::get_if<Scanner>(&what_)) return (*scanner)(text, from);
  if (const auto* regex = std::get_if<Regex>(&what_)) return regex->search(text, from, watch);
  const auto& literal = std::get<std::string>(what_);
  const std::size_t at = literal.empty() ? std::string_view::npos : text.find(literal, from);
  if (at == std::string_view::npos) return std::nullopt;
  return Range{at, at + literal.size()};
}

void expect_characters(Range match, std::string_view component) {
  if (match.end > match.begin) return;
  throw Error(component, "a pattern that matches characters", "a match of none");
}

}  // namespace locus::tokenization
