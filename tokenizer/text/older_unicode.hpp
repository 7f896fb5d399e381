// The reference's libraries carry Unicode tables of other versions than ours: BERT's classes are
// those of Unicode 8 (crate unicode_categories), normalization those of Unicode 11. To give the
// same ids for every character, these functions agree with them; the exceptions were found by
// asking the reference about each code point of Unicode 15.
#pragma once

namespace locus::tokenization::older_unicode {

bool is_other(char32_t c);            // Cc, Cf, Co, Cs
bool is_nonspacing_mark(char32_t c);  // Mn
bool is_mark(char32_t c);             // M
bool is_punctuation(char32_t c);      // P
bool is_decomposed(char32_t c);       // by the normalization forms, if it has a decomposition today

}  // namespace locus::tokenization::older_unicode
