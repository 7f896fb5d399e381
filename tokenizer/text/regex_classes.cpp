#include "tokenizer/text/regex_classes.hpp"

#include <algorithm>
#include <string>

#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization::regex {
namespace {

struct NamedProperty {
  std::string_view name;
  CharacterSet::Property holds;
};

constexpr NamedProperty named_properties[] = {
    {"L", is_letter},
    {"Letter", is_letter},
    {"Lu", is_uppercase_letter},
    {"Ll", is_lowercase_letter},
    {"Lt", is_titlecase_letter},
    {"Lm", is_modifier_letter},
    {"Lo", is_other_letter},
    {"M", is_mark},
    {"Mn", is_nonspacing_mark},
    {"N", is_number},
    {"Number", is_number},
    {"Nd", is_decimal_digit},
    {"Nl", is_letter_number},
    {"No", is_other_number},
    {"P", is_punctuation},
    {"S", is_symbol},
    {"Z", is_separator},
    {"C", is_other},
    {"RustWord", is_word_character},  // our own name, for what Rust's crate splits
};

bool is_hexadecimal(char32_t c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

struct Shorthand {
  char32_t letter;
  CharacterSet::Property property;
  bool holds;
};

constexpr Shorthand shorthands[] = {
    {'s', is_white_space, true},
    {'S', is_white_space, false},
    {'d', is_decimal_digit, true},
    {'D', is_decimal_digit, false},
    {'w', is_oniguruma_word_character, true},
    {'W', is_oniguruma_word_character, false},
    {'h', is_hexadecimal, true},
};

struct Control {
  char32_t letter, value;
};

constexpr Control controls[] = {
    {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'f', '\f'},
    {'v', '\v'}, {'a', '\a'}, {'e', 0x1B}, {'0', 0},
};

int digit_value(char32_t c) { return static_cast<int>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

}  // namespace

CharacterSet ClassParser::literal() {
  CharacterSet set;
  add_character(set, pattern_.take());
  return set;
}

CharacterSet ClassParser::escape() {
  CharacterSet set;
  add_escape(set);
  return set;
}

void ClassParser::add_character(CharacterSet& set, char32_t c) const {
  set.add(c, c);
  if (letter_case_ == LetterCase::exact) return;
  const char32_t lower = lower_case(c), upper = upper_case(c);
  set.add(lower, lower);
  set.add(upper, upper);
  if (lower == 's') set.add(0x17F, 0x17F);    // long s folds to s,
  if (lower == 'k') set.add(0x212A, 0x212A);  // the Kelvin sign to k
}

CharacterSet ClassParser::bracketed() {
  CharacterSet set;
  if (pattern_.accept("^")) set.negate();
  for (bool first = true; first || !pattern_.next_is("]"); first = false) {
    if (pattern_.next_is("[") || pattern_.next_is("&&")) pattern_.fail("a class inside a class");
    if (pattern_.accept("\\")) {
      if (!add_escape(set)) continue;
    } else {
      last_ = pattern_.take();
    }
    const char32_t begin = last_;
    if (pattern_.next_is("-") && !pattern_.next_is("-]")) {
      pattern_.accept("-");
      add_range(set, begin, range_end());
    } else {
      add_character(set, begin);
    }
  }
  pattern_.expect("]");
  return set;
}

void ClassParser::add_range(CharacterSet& set, char32_t first, char32_t last) const {
  if (first > last) pattern_.fail("a range that goes backwards");
  set.add(first, last);
  for (char32_t c = first; letter_case_ == LetterCase::ignored && c <= last && c - first < 0x400;
       ++c) {
    add_character(set, c);
  }
}

char32_t ClassParser::range_end() {
  CharacterSet unused;
  if (!pattern_.accept("\\")) return pattern_.take();
  if (!add_escape(unused)) pattern_.fail("a range that ends in a class");
  return last_;
}

// True when the escape is a single character, which `last_` then holds and the set, too.
bool ClassParser::add_escape(CharacterSet& set) {
  const char32_t c = pattern_.take();
  if (c == 'p' || c == 'P') {
    add_property(set, c == 'p');
    return false;
  }
  for (const Shorthand& one : shorthands) {
    if (c != one.letter) continue;
    set.add(one.property, one.holds);
    return false;
  }
  last_ = escaped_character(c);
  add_character(set, last_);
  return true;
}

char32_t ClassParser::escaped_character(char32_t c) {
  if (c == 'x') return pattern_.accept("{") ? hexadecimal(8, "}") : hexadecimal(2, "");
  if (c == 'u') return hexadecimal(4, "");
  for (const Control& control : controls) {
    if (c == control.letter) return control.value;
  }
  if (c < 0x80 && (is_letter(c) || is_number(c))) {
    pattern_.fail("\\" + std::string(1, static_cast<char>(c)));
  }
  return c;
}

char32_t ClassParser::hexadecimal(int digits, std::string_view close) {
  char32_t value = 0;
  for (int i = 0; i < digits && !pattern_.done() &&
                  is_hexadecimal(static_cast<unsigned char>(pattern_.rest()[0]));
       ++i) {
    value = value * 16 + static_cast<char32_t>(digit_value(pattern_.take()));
  }
  pattern_.expect(close);
  if (value > 0x10FFFF) pattern_.fail("a number above 10FFFF");
  return value;
}

void ClassParser::add_property(CharacterSet& set, bool holds) {
  std::string name;
  if (pattern_.accept("{")) {
    if (pattern_.accept("^")) holds = !holds;
    while (!pattern_.next_is("}")) append(name, pattern_.take());
    pattern_.expect("}");
  } else {
    append(name, pattern_.take());
  }
  const auto found = std::find_if(std::begin(named_properties), std::end(named_properties),
                                  [&](const NamedProperty& p) { return p.name == name; });
  if (found == std::end(named_properties)) pattern_.fail("the property \\p{" + name + "}");
  set.add(found->holds, holds);
}

}  // namespace locus::tokenization::regex
