// What a regular expression compiles to.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace locus::tokenization::regex {

/// A set of code points.
class CharacterSet {
 public:
  using Property = bool (*)(char32_t);

  void add(char32_t first, char32_t last) { intervals_.push_back({first, last}); }
  void add(Property property, bool holds) { properties_.push_back({property, holds}); }
  void negate() { negated_ = !negated_; }
  /// Prepares the quick answer for ASCII; to be called when the set is complete.
  void freeze();

  bool contains(char32_t c) const { return c < 128 ? ascii_[c] : slowly_contains(c); }

 private:
  struct Interval {
    char32_t first, last;
  };
  struct Condition {
    Property property;
    bool holds;
  };
  bool slowly_contains(char32_t c) const;

  std::vector<Interval> intervals_;
  std::vector<Condition> properties_;
  bool negated_ = false;
  std::bitset<128> ascii_;
};

enum class Operation : uint8_t {
  one_of,  // of set `operand`
  prefer,  // go on with the next instruction; on failure jump by `operand`
  avoid,   // jump by `operand`; on failure go on with the next instruction
  jump,    // by `operand`
  text_begin,
  text_end,
  line_begin,
  line_end,
  word_boundary,
  not_word_boundary,
  ahead,      // the body of `operand` instructions that follows must match here
  not_ahead,  // must not match here
  behind,     // must match up to here
  not_behind,
  atomic,  // matches the body once and for all
  accept,
};

struct Instruction {
  Operation operation;
  int32_t operand = 0;
};

using Code = std::vector<Instruction>;

struct Program {
  std::vector<CharacterSet> sets;
  Code code;
  std::bitset<256> begins;  // bytes at which a match may begin; at all others none does
  bool may_be_empty = false;
};

/// Throws `Error` naming what is not supported.
Program parse(std::string_view pattern);

}  // namespace locus::tokenization::regex
