#include "tokenizer/text/scanners.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

enum class Kind : unsigned char { letter, number, space, other };

constexpr std::array<Kind, 128> ascii_kinds() {
  std::array<Kind, 128> kinds{};
  for (unsigned char c = 0; c < kinds.size(); ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    kinds[c] = letter                 ? Kind::letter
               : c >= '0' && c <= '9' ? Kind::number
               : space                ? Kind::space
                                      : Kind::other;
  }
  return kinds;
}

constexpr std::array<Kind, 128> kinds_of_ascii = ascii_kinds();

Kind kind_of(char32_t c) {
  if (is_letter(c)) return Kind::letter;
  if (is_number(c)) return Kind::number;
  return is_white_space(c) ? Kind::space : Kind::other;
}

struct Classified {
  Kind kind;
  std::size_t size;  // in bytes
};

Classified classify(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {kinds_of_ascii[first], 1};
  const auto [value, size] = code_point(text, at);
  return {kind_of(value), size};
}

std::size_t run_end(std::string_view text, Kind kind, std::size_t at) {
  while (at < text.size()) {
    const auto next = classify(text, at);
    if (next.kind != kind) break;
    at += next.size;
  }
  return at;
}

// `\s+(?!\S)|\s+`: the last white space goes with the word that follows.
std::size_t white_space_end(std::string_view text, std::size_t begin, std::size_t end) {
  if (end == text.size()) return end;
  const std::size_t last = previous(text, end);
  return last > begin ? last : end;
}

bool ends_line(char c) { return c == '\r' || c == '\n'; }

// The end of `'s|'t|'re|'ve|'m|'ll|'d` after the apostrophe at `at`; 0 where there is none.
std::size_t contraction_end(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1, 2);
  if (rest.empty()) return 0;
  switch (rest[0]) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return at + 2;
    default:
      return rest == "re" || rest == "ve" || rest == "ll" ? at + 3 : 0;
  }
}

// Where a contraction ends, in any case; the long s folds to s.
std::size_t any_case_contraction_end(std::string_view text, std::size_t at) {
  if (text.substr(at + 1).starts_with("\u017f")) return at + 3;
  const auto lower = [&](std::size_t i) {
    const char c = i < text.size() ? text[i] : '\0';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  const char letters[] = {'\'', lower(at + 1), lower(at + 2)};
  const std::size_t end = contraction_end({letters, sizeof letters}, 0);
  return end == 0 ? 0 : at + end;
}

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+: the alternatives
// never need more than the kind of the next code points.
std::size_t gpt2_word_end(std::string_view text, std::size_t from) {
  if (text[from] == '\'') {
    if (const std::size_t end = contraction_end(text, from)) return end;
  }
  const std::size_t at = text[from] == ' ' ? from + 1 : from;
  if (at < text.size()) {
    const auto [kind, size] = classify(text, at);
    if (kind != Kind::space) return run_end(text, kind, at + size);
  }
  return white_space_end(text, from, run_end(text, Kind::space, from));
}

// At most `max_digits` numbers.
std::size_t number_end(std::string_view text, std::size_t at, int max_digits) {
  for (int digits = 0; digits < max_digits && at < text.size(); ++digits) {
    const auto next = classify(text, at);
    if (next.kind != Kind::number) break;
    at += next.size;
  }
  return at;
}

std::size_t line_ends_end(std::string_view text, std::size_t at) {
  while (at < text.size() && ends_line(text[at])) ++at;
  return at;
}

// `\s*[\r\n]+|\s+(?!\S)|\s+`
std::size_t line_or_space_end(std::string_view text, std::size_t begin) {
  const std::size_t end = run_end(text, Kind::space, begin);
  for (std::size_t at = end; at > begin; --at) {
    if (ends_line(text[at - 1])) return at;
  }
  return white_space_end(text, begin, end);
}

// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,max_digits}|
// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+ as GPT-4 has it, and most tokenizers since.
template <int max_digits>
std::optional<Range> scan_gpt4_word(std::string_view text, std::size_t from) {
  if (from >= text.size()) return std::nullopt;
  if (text[from] == '\'') {
    if (const std::size_t end = any_case_contraction_end(text, from)) return Range{from, end};
  }
  const auto [kind, size] = classify(text, from);
  const std::size_t after = from + size;
  if (kind == Kind::letter) return Range{from, run_end(text, kind, after)};
  if (kind == Kind::number) return Range{from, number_end(text, from, max_digits)};
  const auto next = after < text.size() ? classify(text, after) : Classified{Kind::space, 0};
  if (next.kind == Kind::letter && !ends_line(text[from])) {
    return Range{from, run_end(text, Kind::letter, after)};
  }
  if (kind == Kind::other || (text[from] == ' ' && next.kind == Kind::other)) {
    return Range{from, line_ends_end(text, run_end(text, Kind::other, after))};
  }
  return Range{from, line_or_space_end(text, from)};
}

// ` {2,}`: what T5's SentencePiece models make one space of.
std::optional<Range> scan_spaces(std::string_view text, std::size_t from) {
  const std::size_t begin = text.find("  ", from);
  if (begin == std::string_view::npos) return std::nullopt;
  return Range{begin, std::min(text.find_first_not_of(' ', begin), text.size())};
}

constexpr std::pair<std::string_view, Scanner> scanners[] = {
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
     scan_gpt2_word},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", scan_gpt2_word},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
     R"(\s*[\r\n]+|\s+(?!\S)|\s+)",
     scan_gpt4_word<1>},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
     R"(\s*[\r\n]+|\s+(?!\S)|\s+)",
     scan_gpt4_word<3>},
    {" {2,}", scan_spaces},
};

}  // namespace

Scanner scanner_of(std::string_view expression) {
  for (const auto& [known, scanner] : scanners) {
    if (known == expression) return scanner;
  }
  return nullptr;
}

std::optional<Range> scan_gpt2_word(std::string_view text, std::size_t from) {
  if (from >= text.size()) return std::nullopt;
  return Range{from, gpt2_word_end(text, from)};
}

void append_gpt2_words(std::string_view text, Range begins, std::vector<Range>& words) {
  for (std::size_t at = begins.begin; at < begins.end; at = words.back().end) {
    words.push_back({at, gpt2_word_end(text, at)});
  }
}

std::optional<Range> scan_word(std::string_view text, std::size_t from) {
  const auto kind_at = [&](std::size_t at) {
    const char32_t c = code_point(text, at).value;
    if (is_white_space(c)) return Kind::space;
    return is_word_character(c) ? Kind::letter : Kind::other;
  };
  const auto skip = [&](std::size_t at, Kind kind) {
    while (at < text.size() && kind_at(at) == kind) at += code_point(text, at).size;
    return at;
  };
  const std::size_t begin = skip(from, Kind::space);
  if (begin >= text.size()) return std::nullopt;
  return Range{begin, skip(begin, kind_at(begin))};
}

}  // namespace locus::tokenization
