#pragma once

#include <string>

#include "tokenizer/models/model.hpp"
#include "tokenizer/models/vocabulary.hpp"

namespace locus::tokenization {

struct WordPieceOptions {
  std::string unknown = "[UNK]";
  std::string prefix = "##";          // of a token that continues a word
  std::size_t max_word_length = 100;  // in code points; longer words are unknown
};

/// Longest match first (Schuster and Nakajima 2012; Devlin et al. 2018). A word without such a cut
/// is one unknown token.
ModelPointer word_piece_model(VocabularyPointer vocabulary, const WordPieceOptions& options,
                              Watch& watch);

/// Whole words.
ModelPointer word_level_model(VocabularyPointer vocabulary, std::string unknown);

}  // namespace locus::tokenization
