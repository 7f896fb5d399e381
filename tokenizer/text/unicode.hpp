// Properties of code points, as the reference's tokenizers ask for them.
#pragma once

namespace locus::tokenization {

bool is_white_space(char32_t c);       // White_Space
bool is_letter(char32_t c);            // general category L
bool is_number(char32_t c);            // N
bool is_decimal_digit(char32_t c);     // Nd
bool is_punctuation(char32_t c);       // P
bool is_symbol(char32_t c);            // S
bool is_separator(char32_t c);         // Z
bool is_mark(char32_t c);              // M
bool is_nonspacing_mark(char32_t c);   // Mn
bool is_other(char32_t c);             // Cc, Cf, Co, Cs
bool is_uppercase_letter(char32_t c);  // Lu
bool is_lowercase_letter(char32_t c);  // Ll
bool is_titlecase_letter(char32_t c);  // Lt
bool is_modifier_letter(char32_t c);   // Lm
bool is_other_letter(char32_t c);      // Lo
bool is_letter_number(char32_t c);     // Nl
bool is_other_number(char32_t c);      // No
/// \w of Rust's regex crate: letters, marks, decimal digits, connector punctuation, joiners.
bool is_word_character(char32_t c);
/// \w of Oniguruma, which reads the expressions of tokenizer.json: no joiners, but Latin-1's
/// superscripts and fractions.
bool is_oniguruma_word_character(char32_t c);
bool is_ascii_punctuation(char32_t c);

/// The blocks that BERT surrounds with spaces: CJK ideographs, not kana, not Hangul
/// (google-research/bert tokenization.py, `_is_chinese_char`).
bool is_cjk_ideograph(char32_t c);

/// One-to-one lower case. The one exception of the full mapping, U+0130, is the caller's.
char32_t lower_case(char32_t c);
char32_t upper_case(char32_t c);

int combining_class(char32_t c);

}  // namespace locus::tokenization
