#include <algorithm>
#include <string>

#include "tokenizer/detail/text/regex_program.hpp"
#include "tokenizer/detail/text/unicode.hpp"
#include "tokenizer/detail/text/utf8.hpp"
#include "tokenizer/error.hpp"

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
};

bool is_hexadecimal(char32_t c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

int digit_value(char32_t c) { return static_cast<int>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

constexpr int32_t unlimited = -1;

class Parser {
 public:
  explicit Parser(std::string_view pattern) : pattern_(pattern) { require_utf8(pattern); }

  Program parse() {
    program_.code = alternatives();
    if (!done()) fail(std::string("'") + pattern_[at_] + "'");
    program_.code.push_back({Operation::accept});
    return std::move(program_);
  }

 private:
  [[noreturn]] void fail(const std::string& found) const {
    throw Error("regular expression " + std::string(pattern_), "a supported construct",
                found + " at byte " + std::to_string(at_));
  }

  bool done() const { return at_ == pattern_.size(); }
  bool next_is(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  bool accept(std::string_view text) {
    if (!next_is(text)) return false;
    at_ += text.size();
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) fail(done() ? "the end" : "'" + std::string(1, pattern_[at_]) + "'");
  }
  char32_t take() {
    if (done()) fail("the end");
    const auto [value, size] = code_point(pattern_, at_);
    at_ += size;
    return value;
  }

  static void join(Code& code, const Code& more) {
    code.insert(code.end(), more.begin(), more.end());
  }
  static int32_t length(const Code& code) { return static_cast<int32_t>(code.size()); }

  Code alternatives() {
    Code first = sequence();
    if (!accept("|")) return first;
    const Code rest = alternatives();
    Code code{{Operation::prefer, length(first) + 2}};
    join(code, first);
    code.push_back({Operation::jump, length(rest) + 1});
    join(code, rest);
    return code;
  }

  Code sequence() {
    Code code;
    while (!done() && !next_is("|") && !next_is(")")) join(code, quantified(atom()));
    return code;
  }

  Code quantified(Code body) {
    for (;;) {
      int32_t least = 0, most = unlimited;
      if (accept("+")) {
        least = 1;
      } else if (accept("?")) {
        most = 1;
      } else if (!accept("*") && !accept_counts(least, most)) {
        return body;
      }
      const bool lazy = accept("?");
      const bool possessive = !lazy && accept("+");
      body = repeated(body, least, most, lazy ? Operation::avoid : Operation::prefer);
      if (possessive) body = enclosed(Operation::atomic, std::move(body));
    }
  }

  // {m}, {m,}, {,n}, {m,n}; anything else in braces is literal text, as in Oniguruma.
  bool accept_counts(int32_t& least, int32_t& most) {
    const std::size_t close = next_is("{") ? pattern_.find('}', at_) : std::string_view::npos;
    if (close == std::string_view::npos || close == at_ + 1) return false;
    const std::string_view inside = pattern_.substr(at_ + 1, close - at_ - 1);
    if (inside.find_first_not_of("0123456789,") != std::string_view::npos) return false;
    const std::size_t comma = inside.find(',');
    const auto number = [&](std::string_view digits, int32_t otherwise) {
      if (digits.size() > 3) fail("a count above 999");
      return digits.empty() ? otherwise : std::stoi(std::string(digits));
    };
    least = number(inside.substr(0, comma), 0);
    most = comma == std::string_view::npos ? least : number(inside.substr(comma + 1), unlimited);
    at_ = close + 1;
    return true;
  }

  // Whether the end can be reached without consuming a character.
  static bool may_be_empty(const Code& code, std::size_t at = 0) {
    for (; at < code.size(); ++at) {
      const auto [operation, operand] = code[at];
      const auto target = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + operand);
      if (operation == Operation::one_of) return false;
      if (operation == Operation::jump) {
        if (operand < 0) return false;  // back to a loop's choice, which has been followed already
        at = target - 1;
      } else if (operation == Operation::prefer || operation == Operation::avoid) {
        if (may_be_empty(code, target)) return true;
      } else if (operation >= Operation::ahead && operation <= Operation::atomic) {
        const Code body(code.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                        code.begin() + static_cast<std::ptrdiff_t>(target));
        if (operation == Operation::atomic && !may_be_empty(body)) return false;
        at = target;
      }
    }
    return true;
  }

  Code repeated(const Code& body, int32_t least, int32_t most, Operation choice) {
    if (most == unlimited && may_be_empty(body)) fail("a repetition of what may be empty");
    Code code;
    for (int32_t i = 0; i < least; ++i) join(code, body);
    const bool greedy = choice == Operation::prefer;
    if (most == unlimited) {
      // greedy: L: prefer end; body; jump L.  lazy: L: avoid end; body; jump L.
      code.push_back({greedy ? Operation::prefer : Operation::avoid, length(body) + 2});
      join(code, body);
      code.push_back({Operation::jump, -(length(body) + 1)});
      return code;
    }
    for (int32_t i = least; i < most; ++i) {
      code.push_back({choice, (length(body) + 1) * (most - i)});
      join(code, body);
    }
    return code;
  }

  static Code enclosed(Operation operation, Code body) {
    body.push_back({Operation::accept});
    Code code{{operation, length(body)}};
    join(code, body);
    return code;
  }

  Code atom() {
    if (accept("(")) return group();
    if (accept("[")) return one_of(bracketed());
    if (accept(".")) return one_of(excluding('\n'));
    if (accept("^")) return {{Operation::line_begin}};
    if (accept("$")) return {{Operation::line_end}};
    if (next_is("*") || next_is("+") || next_is("?")) fail("a quantifier of nothing");
    if (!accept("\\")) return one_of(literal(take()));
    if (accept("b")) return {{Operation::word_boundary}};
    if (accept("B")) return {{Operation::not_word_boundary}};
    if (accept("A")) return {{Operation::text_begin}};
    if (accept("z")) return {{Operation::text_end}};
    CharacterSet set;
    add_escape(set);
    return one_of(std::move(set));
  }

  Code group() {
    const bool outer = ignore_case_;
    Code code;
    if (accept("?=")) {
      code = enclosed(Operation::ahead, alternatives());
    } else if (accept("?!")) {
      code = enclosed(Operation::not_ahead, alternatives());
    } else if (accept("?<=")) {
      code = enclosed(Operation::behind, alternatives());
    } else if (accept("?<!")) {
      code = enclosed(Operation::not_behind, alternatives());
    } else if (accept("?>")) {
      code = enclosed(Operation::atomic, alternatives());
    } else {
      if (accept("?i:")) {
        ignore_case_ = true;
      } else if (!accept("?:") && next_is("?")) {
        fail("the group (" + std::string(pattern_.substr(at_, 3)));
      }
      code = alternatives();
    }
    ignore_case_ = outer;
    expect(")");
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

  CharacterSet literal(char32_t c) const {
    CharacterSet set;
    add_character(set, c);
    return set;
  }

  void add_character(CharacterSet& set, char32_t c) const {
    set.add(c, c);
    if (!ignore_case_) return;
    const char32_t lower = lower_case(c), upper = upper_case(c);
    set.add(lower, lower);
    set.add(upper, upper);
    if (lower == 's') set.add(0x17F, 0x17F);    // long s folds to s,
    if (lower == 'k') set.add(0x212A, 0x212A);  // the Kelvin sign to k
  }

  CharacterSet bracketed() {
    CharacterSet set;
    if (accept("^")) set.negate();
    for (bool first = true; first || !next_is("]"); first = false) {
      if (next_is("[") || next_is("&&")) fail("a class inside a class");
      if (accept("\\")) {
        if (!add_escape(set)) continue;
      } else {
        last_ = take();
      }
      const char32_t begin = last_;
      if (next_is("-") && !next_is("-]")) {
        accept("-");
        add_range(set, begin, range_end());
      } else {
        add_character(set, begin);
      }
    }
    expect("]");
    return set;
  }

  void add_range(CharacterSet& set, char32_t first, char32_t last) const {
    if (first > last) fail("a range that goes backwards");
    set.add(first, last);
    for (char32_t c = first; ignore_case_ && c <= last && c - first < 0x400; ++c) {
      add_character(set, c);
    }
  }

  char32_t range_end() {
    CharacterSet unused;
    if (!accept("\\")) return take();
    if (!add_escape(unused)) fail("a range that ends in a class");
    return last_;
  }

  // True when the escape is a single character, which `last_` then holds and the set, too.
  bool add_escape(CharacterSet& set) {
    const char32_t c = take();
    switch (c) {
      case 's':
        set.add(is_white_space, true);
        return false;
      case 'S':
        set.add(is_white_space, false);
        return false;
      case 'd':
        set.add(is_decimal_digit, true);
        return false;
      case 'D':
        set.add(is_decimal_digit, false);
        return false;
      case 'w':
        set.add(is_word_character, true);
        return false;
      case 'W':
        set.add(is_word_character, false);
        return false;
      case 'h':
        set.add(is_hexadecimal, true);
        return false;
      case 'p':
        add_property(set, true);
        return false;
      case 'P':
        add_property(set, false);
        return false;
      default:
        break;
    }
    last_ = escaped_character(c);
    add_character(set, last_);
    return true;
  }

  char32_t escaped_character(char32_t c) {
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'f':
        return '\f';
      case 'v':
        return '\v';
      case 'a':
        return '\a';
      case 'e':
        return 0x1B;
      case '0':
        return 0;
      case 'x':
        return accept("{") ? hexadecimal(8, "}") : hexadecimal(2, "");
      case 'u':
        return hexadecimal(4, "");
      default:
        break;
    }
    if (c < 0x80 && (is_letter(c) || is_number(c)))
      fail("\\" + std::string(1, static_cast<char>(c)));
    return c;
  }

  char32_t hexadecimal(int digits, std::string_view close) {
    char32_t value = 0;
    for (int i = 0;
         i < digits && !done() && is_hexadecimal(static_cast<unsigned char>(pattern_[at_])); ++i) {
      value = value * 16 + static_cast<char32_t>(digit_value(take()));
    }
    expect(close);
    if (value > 0x10FFFF) fail("a number above 10FFFF");
    return value;
  }

  void add_property(CharacterSet& set, bool holds) {
    std::string name;
    if (accept("{")) {
      if (accept("^")) holds = !holds;
      while (!next_is("}")) append(name, take());
      expect("}");
    } else {
      append(name, take());
    }
    const auto found = std::find_if(std::begin(named_properties), std::end(named_properties),
                                    [&](const NamedProperty& p) { return p.name == name; });
    if (found == std::end(named_properties)) fail("the property \\p{" + name + "}");
    set.add(found->holds, holds);
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  Program program_;
  bool ignore_case_ = false;
  char32_t last_ = 0;
};

// Follows the program up to the first character that it consumes.
void find_beginnings(Program& program) {
  std::vector<bool> seen(program.code.size());
  std::vector<std::size_t> open{0};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const auto [operation, operand] = program.code[at];
    const auto target = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + operand);
    if (operation == Operation::one_of) {
      const CharacterSet& set = program.sets[static_cast<std::size_t>(operand)];
      for (std::size_t byte = 0; byte < 256; ++byte) {
        if (byte >= 128 || set.contains(static_cast<char32_t>(byte))) program.begins.set(byte);
      }
    } else if (operation == Operation::accept) {
      program.may_be_empty = true;
    } else {
      const bool body = operation >= Operation::ahead && operation <= Operation::atomic;
      if (operation != Operation::jump) open.push_back(at + 1);
      if (operation == Operation::jump || operation == Operation::prefer ||
          operation == Operation::avoid) {
        open.push_back(target);
      } else if (body) {
        open.push_back(target + 1);
      }
    }
  }
}

}  // namespace

Program parse(std::string_view pattern) {
  Program program = Parser(pattern).parse();
  find_beginnings(program);
  return program;
}

}  // namespace locus::tokenization::regex
