// The parts of a regular expression that stand for one character.
#pragma once

#include "tokenizer/text/regex_pattern.hpp"
#include "tokenizer/text/regex_program.hpp"

namespace locus::tokenization::regex {

enum class LetterCase { exact, ignored };

/// Reads literals, escapes such as `\d` and `\p{L}`, and classes such as `[^a-z\s]`.
class ClassParser {
 public:
  ClassParser(PatternReader& pattern, LetterCase letter_case)
      : pattern_(pattern), letter_case_(letter_case) {}

  CharacterSet literal();
  /// Behind a backslash.
  CharacterSet escape();
  /// Behind an opening bracket, up to the closing one.
  CharacterSet bracketed();

 private:
  void add_character(CharacterSet& set, char32_t c) const;
  void add_range(CharacterSet& set, char32_t first, char32_t last) const;
  void add_property(CharacterSet& set, bool holds);
  bool add_escape(CharacterSet& set);
  char32_t range_end();
  char32_t escaped_character(char32_t c);
  char32_t hexadecimal(int digits, std::string_view close);

  PatternReader& pattern_;
  LetterCase letter_case_;
  char32_t last_ = 0;
};

}  // namespace locus::tokenization::regex
