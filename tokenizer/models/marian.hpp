// SentencePiece models whose pieces have their ids elsewhere: Marian's and M2M-100's.
#pragma once

#include <filesystem>
#include <vector>

#include "tokenizer/decoders/decoder.hpp"
#include "tokenizer/models/model.hpp"
#include "tokenizer/models/vocabulary.hpp"
#include "tokenizer/pipeline/added_tokens.hpp"

namespace locus::tokenization {

struct PieceVocabulary {
  VocabularyPointer vocabulary;
  int32_t unknown;
};

/// The pieces of a SentencePiece model, with the ids of a vocabulary apart from it. Throws `Error`
/// when the SentencePiece library refuses the file.
ModelPointer piece_model(const std::filesystem::path& model, PieceVocabulary vocabulary,
                         Watch& watch);

/// Puts pieces together by a SentencePiece model; special tokens stand for themselves.
DecoderPointer piece_decoder(const std::filesystem::path& model,
                             const std::vector<AddedToken>& added, Watch& watch);

/// As `piece_model`, but a language code such as `>>fra<<` at the beginning is one token, and
/// others are left out.
ModelPointer marian_model(const std::filesystem::path& model, PieceVocabulary vocabulary,
                          Watch& watch);

/// Puts pieces together by a SentencePiece model; special tokens stand for themselves, with a space
/// after them, and other added tokens between spaces.
DecoderPointer marian_decoder(const std::filesystem::path& model,
                              const std::vector<AddedToken>& added, Watch& watch);

}  // namespace locus::tokenization
