#include "tokenizer/text/regex.hpp"

#include "tokenizer/text/regex_program.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace regex {
namespace {

struct Choice {
  std::size_t instruction;
  std::size_t at;
};

class Matcher {
 public:
  Matcher(const Program& program, std::string_view text) : program_(program), text_(text) {}

  /// Runs from `instruction` to its `accept`; the end of the match, if any.
  std::optional<std::size_t> run(std::size_t instruction, std::size_t at) {
    const std::size_t bottom = choices_.size();
    for (;;) {
      const Outcome outcome = step(instruction, at);
      if (outcome == Outcome::accepted) {
        choices_.resize(bottom);
        return at;
      }
      if (outcome == Outcome::moved) continue;
      if (choices_.size() == bottom) return std::nullopt;
      instruction = choices_.back().instruction;
      at = choices_.back().at;
      choices_.pop_back();
    }
  }

 private:
  enum class Outcome { moved, failed, accepted };

  static std::size_t moved_by(std::size_t instruction, int32_t distance) {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(instruction) + distance);
  }

  Outcome step(std::size_t& instruction, std::size_t& at) {
    const auto [operation, operand] = program_.code[instruction];
    switch (operation) {
      case Operation::one_of:
        return consume(operand, instruction, at);
      case Operation::prefer:
        choices_.push_back({moved_by(instruction, operand), at});
        ++instruction;
        return Outcome::moved;
      case Operation::avoid:
        choices_.push_back({instruction + 1, at});
        instruction = moved_by(instruction, operand);
        return Outcome::moved;
      case Operation::jump:
        instruction = moved_by(instruction, operand);
        return Outcome::moved;
      case Operation::accept:
        return Outcome::accepted;
      case Operation::ahead:
      case Operation::not_ahead:
      case Operation::behind:
      case Operation::not_behind:
      case Operation::atomic:
        return enter(operation, instruction, at);
      default:
        ++instruction;
        return holds(operation, at) ? Outcome::moved : Outcome::failed;
    }
  }

  Outcome consume(int32_t set, std::size_t& instruction, std::size_t& at) const {
    if (at == text_.size()) return Outcome::failed;
    const auto [value, size] = code_point(text_, at);
    if (!program_.sets[static_cast<std::size_t>(set)].contains(value)) return Outcome::failed;
    at += size;
    ++instruction;
    return Outcome::moved;
  }

  // A body ends with its own `accept`, `operand` instructions on.
  Outcome enter(Operation operation, std::size_t& instruction, std::size_t& at) {
    const std::size_t body = instruction + 1;
    instruction = moved_by(body, program_.code[instruction].operand);
    if (operation == Operation::behind || operation == Operation::not_behind) {
      return matches_up_to(body, at) == (operation == Operation::behind) ? Outcome::moved
                                                                         : Outcome::failed;
    }
    const auto end = run(body, at);
    if (operation == Operation::atomic && end) at = *end;
    return end.has_value() == (operation != Operation::not_ahead) ? Outcome::moved
                                                                  : Outcome::failed;
  }

  bool matches_up_to(std::size_t body, std::size_t at) {
    for (std::size_t begin = at;; begin = previous(text_, begin)) {
      if (run(body, begin) == at) return true;
      if (begin == 0) return false;
    }
  }

  bool word_at(std::size_t at) const {
    return at < text_.size() && is_oniguruma_word_character(code_point(text_, at).value);
  }

  bool holds(Operation operation, std::size_t at) const {
    const bool first = at == 0, last = at == text_.size();
    switch (operation) {
      case Operation::text_begin:
        return first;
      case Operation::text_end:
        return last;
      case Operation::line_begin:
        return first || text_[at - 1] == '\n';
      case Operation::line_end:
        return last || text_[at] == '\n';
      default: {
        const bool boundary = (!first && word_at(previous(text_, at))) != word_at(at);
        return boundary == (operation == Operation::word_boundary);
      }
    }
  }

  const Program& program_;
  std::string_view text_;
  std::vector<Choice> choices_;
};

}  // namespace

void CharacterSet::freeze() {
  for (char32_t c = 0; c < 128; ++c) ascii_[c] = slowly_contains(c);
}

bool CharacterSet::slowly_contains(char32_t c) const {
  for (const auto [first, last] : intervals_) {
    if (c >= first && c <= last) return !negated_;
  }
  for (const auto [property, holds] : properties_) {
    if (property(c) == holds) return !negated_;
  }
  return negated_;
}

}  // namespace regex

Regex::Regex(std::string_view pattern)
    : program_(std::make_unique<const regex::Program>(regex::parse(pattern))) {}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;

std::optional<Range> Regex::search(std::string_view text, std::size_t from) const {
  regex::Matcher matcher(*program_, text);
  const auto impossible = [&](std::size_t at) {
    return !program_->begins[static_cast<unsigned char>(text[at])];
  };
  for (std::size_t begin = from; begin <= text.size();) {
    while (!program_->may_be_empty && begin < text.size() && impossible(begin)) ++begin;
    if (const auto end = matcher.run(0, begin)) return Range{begin, *end};
    begin += begin < text.size() ? code_point(text, begin).size : 1;
  }
  return std::nullopt;
}

}  // namespace locus::tokenization
