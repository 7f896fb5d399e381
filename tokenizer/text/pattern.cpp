#include "tokenizer/text/pattern.hpp"

namespace locus::tokenization {

std::optional<Range> Pattern::search(std::string_view text, std::size_t from) const {
  if (const auto* regex = std::get_if<Regex>(&what_)) return regex->search(text, from);
  const auto& literal = std::get<std::string>(what_);
  const std::size_t at = literal.empty() ? std::string_view::npos : text.find(literal, from);
  if (at == std::string_view::npos) return std::nullopt;
  return Range{at, at + literal.size()};
}

}  // namespace locus::tokenization
