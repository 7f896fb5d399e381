#include "tokenizer/text/unicode.hpp"

#include <utf8proc.h>

#include <initializer_list>

namespace locus::tokenization {
namespace {

utf8proc_category_t category(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool within(utf8proc_category_t found, utf8proc_category_t first, utf8proc_category_t last) {
  return found >= first && found <= last;
}

struct Interval {
  char32_t first, last;
};

}  // namespace

bool is_white_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || is_separator(c);
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  return within(category(c), UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}

bool is_number(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return within(category(c), UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

bool is_decimal_digit(char32_t c) { return category(c) == UTF8PROC_CATEGORY_ND; }

bool is_punctuation(char32_t c) {
  return within(category(c), UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PO);
}

bool is_symbol(char32_t c) {
  return within(category(c), UTF8PROC_CATEGORY_SM, UTF8PROC_CATEGORY_SO);
}

bool is_separator(char32_t c) {
  return within(category(c), UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_ZP);
}

bool is_mark(char32_t c) { return within(category(c), UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME); }

bool is_nonspacing_mark(char32_t c) { return category(c) == UTF8PROC_CATEGORY_MN; }

bool is_other(char32_t c) {
  if (c < 0x80) return c < 0x20 || c == 0x7F;
  return within(category(c), UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CO);
}

bool is_uppercase_letter(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LU; }
bool is_lowercase_letter(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LL; }
bool is_titlecase_letter(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LT; }
bool is_modifier_letter(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LM; }
bool is_other_letter(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LO; }
bool is_letter_number(char32_t c) { return category(c) == UTF8PROC_CATEGORY_NL; }
bool is_other_number(char32_t c) { return category(c) == UTF8PROC_CATEGORY_NO; }

bool is_word_character(char32_t c) {
  if (c < 0x80) return is_letter(c) || is_number(c) || c == '_';
  const auto found = category(c);
  const bool circled_letter = (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
                              (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
  return within(found, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_NL) ||
         found == UTF8PROC_CATEGORY_PC || c == 0x200C || c == 0x200D ||
         circled_letter;  // Other_Alphabetic, yet symbols
}

bool is_oniguruma_word_character(char32_t c) {
  if (c == 0x200C || c == 0x200D) return false;
  const bool latin1_number = c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0xBC && c <= 0xBE);
  return latin1_number || is_word_character(c);
}

bool is_ascii_punctuation(char32_t c) {
  return (c >= 0x21 && c <= 0x2F) || (c >= 0x3A && c <= 0x40) || (c >= 0x5B && c <= 0x60) ||
         (c >= 0x7B && c <= 0x7E);
}

bool is_cjk_ideograph(char32_t c) {
  if (c < 0x3400) return false;
  for (const auto [first, last] : std::initializer_list<Interval>{{0x4E00, 0x9FFF},
                                                                  {0x3400, 0x4DBF},
                                                                  {0x20000, 0x2A6DF},
                                                                  {0x2A700, 0x2B73F},
                                                                  {0x2B740, 0x2B81F},
                                                                  {0x2B920, 0x2CEAF},
                                                                  {0xF900, 0xFAFF},
                                                                  {0x2F800, 0x2FA1F}}) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

char32_t lower_case(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

char32_t upper_case(char32_t c) {
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

int combining_class(char32_t c) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
}

}  // namespace locus::tokenization
