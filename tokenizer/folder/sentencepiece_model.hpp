// The parts of a SentencePiece model file that a conversion needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/watch.hpp"

namespace locus::tokenization {

/// The fields of `ModelProto` (sentencepiece, `sentencepiece_model.proto`) that matter here.
struct SentencePieceModel {
  enum class Algorithm { unigram = 1, bpe = 2, word = 3, character = 4 };
  enum class PieceType {
    normal = 1,
    unknown = 2,
    control = 3,
    user_defined = 4,
    unused = 5,
    byte = 6
  };
  struct Piece {
    std::string text;
    float score = 0;
    PieceType type = PieceType::normal;
  };

  std::vector<Piece> pieces;  // by id
  Algorithm algorithm = Algorithm::unigram;
  int64_t unknown_id = 0;
  std::string unknown_piece = "<unk>";
  std::string character_map;  // precompiled_charsmap
  bool byte_fallback = false;
};

/// Throws `Error` when the file is missing or is not such a model.
SentencePieceModel read_sentencepiece_model(const std::filesystem::path& path, Watch& watch);

}  // namespace locus::tokenization
