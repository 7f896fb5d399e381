#include <string>

#include "tokenizer/text/regex_classes.hpp"
#include "tokenizer/text/regex_code.hpp"
#include "tokenizer/text/regex_pattern.hpp"

namespace locus::tokenization::regex {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view pattern) : pattern_(pattern) {}

  Program parse() {
    program_.code = alternatives();
    if (!pattern_.done()) pattern_.fail(std::string("'") + pattern_.rest()[0] + "'");
    program_.code.push_back({Operation::accept});
    find_beginnings(program_);
    return std::move(program_);
  }

 private:
  Code alternatives() {
    Code first = sequence();
    return pattern_.accept("|") ? either(first, alternatives()) : first;
  }

  Code sequence() {
    Code code;
    while (!pattern_.done() && !pattern_.next_is("|") && !pattern_.next_is(")")) {
      join(code, quantified(atom()));
    }
    return code;
  }

  Code quantified(Code body) {
    for (;;) {
      Repetition repetition;
      if (pattern_.accept("+")) {
        repetition.least = 1;
      } else if (pattern_.accept("?")) {
        repetition.most = 1;
      } else if (!pattern_.accept("*") && !accept_counts(repetition)) {
        return body;
      }
      const bool lazy = pattern_.accept("?");
      const bool possessive = !lazy && pattern_.accept("+");
      if (lazy) repetition.choice = Operation::avoid;
      if (repetition.most == Repetition::unlimited && may_be_empty(body)) {
        pattern_.fail("a repetition of what may be empty");
      }
      body = repeated(body, repetition);
      if (possessive) body = enclosed(Operation::atomic, std::move(body));
    }
  }

  // {m}, {m,}, {,n}, {m,n}; anything else in braces is literal text, as in Oniguruma.
  bool accept_counts(Repetition& repetition) {
    const std::string_view rest = pattern_.rest();
    const std::size_t close = pattern_.next_is("{") ? rest.find('}') : std::string_view::npos;
    if (close == std::string_view::npos || close == 1) return false;
    const std::string_view inside = rest.substr(1, close - 1);
    if (inside.find_first_not_of("0123456789,") != std::string_view::npos) return false;
    const std::size_t comma = inside.find(',');
    const auto number = [&](std::string_view digits, int32_t otherwise) {
      if (digits.size() > 3) pattern_.fail("a count above 999");
      return digits.empty() ? otherwise : std::stoi(std::string(digits));
    };
    repetition.least = number(inside.substr(0, comma), 0);
    repetition.most = comma == std::string_view::npos
                          ? repetition.least
                          : number(inside.substr(comma + 1), Repetition::unlimited);
    return pattern_.accept(rest.substr(0, close + 1));
  }

  Code atom() {
    if (pattern_.accept("(")) return group();
    if (pattern_.accept("[")) return one_of(classes().bracketed());
    if (pattern_.accept(".")) return one_of(excluding('\n'));
    if (pattern_.accept("^")) return {{Operation::line_begin}};
    if (pattern_.accept("$")) return {{Operation::line_end}};
    if (pattern_.next_is("*") || pattern_.next_is("+") || pattern_.next_is("?")) {
      pattern_.fail("a quantifier of nothing");
    }
    if (!pattern_.accept("\\")) return one_of(classes().literal());
    if (pattern_.accept("b")) return {{Operation::word_boundary}};
    if (pattern_.accept("B")) return {{Operation::not_word_boundary}};
    if (pattern_.accept("A")) return {{Operation::text_begin}};
    if (pattern_.accept("z")) return {{Operation::text_end}};
    return one_of(classes().escape());
  }

  Code group() {
    const LetterCase outer = letter_case_;
    Code code;
    if (pattern_.accept("?=")) {
      code = enclosed(Operation::ahead, alternatives());
    } else if (pattern_.accept("?!")) {
      code = enclosed(Operation::not_ahead, alternatives());
    } else if (pattern_.accept("?<=")) {
      code = enclosed(Operation::behind, alternatives());
    } else if (pattern_.accept("?<!")) {
      code = enclosed(Operation::not_behind, alternatives());
    } else if (pattern_.accept("?>")) {
      code = enclosed(Operation::atomic, alternatives());
    } else {
      if (pattern_.accept("?i:")) {
        letter_case_ = LetterCase::ignored;
      } else if (!pattern_.accept("?:") && pattern_.next_is("?")) {
        pattern_.fail("the group (" + std::string(pattern_.rest().substr(0, 3)));
      }
      code = alternatives();
    }
    letter_case_ = outer;
    pattern_.expect(")");
    return code;
  }

  Code one_of(CharacterSet set) {
    set.freeze();
    program_.sets.push_back(std::move(set));
    return {{Operation::one_of, static_cast<int32_t>(program_.sets.size() - 1)}};
  }

  static CharacterSet excluding(char32_t c) {
    CharacterSet set;
    set.add(c, c);
    set.negate();
    return set;
  }

  ClassParser classes() { return ClassParser(pattern_, letter_case_); }

  PatternReader pattern_;
  Program program_;
  LetterCase letter_case_ = LetterCase::exact;
};

}  // namespace

Program parse(std::string_view pattern) { return Parser(pattern).parse(); }

}  // namespace locus::tokenization::regex
