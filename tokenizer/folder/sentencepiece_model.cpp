#include "tokenizer/folder/sentencepiece_model.hpp"

#include <bit>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/text/message.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t max_piece = 4096;  // each place of a text is compared with whole pieces

SentencePieceModel::Piece piece_from(std::string_view bytes) {
  SentencePieceModel::Piece piece;
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->is(1, Field::Kind::bytes)) piece.text = field->bytes;
    if (field->is(2, Field::Kind::four)) {
      piece.score = std::bit_cast<float>(static_cast<uint32_t>(field->value));
    }
    if (field->is(3, Field::Kind::varint))
      piece.type = static_cast<SentencePieceModel::PieceType>(field->value);
  }
  return piece;
}

void read_trainer(std::string_view bytes, SentencePieceModel& model) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->is(3, Field::Kind::varint))
      model.algorithm = static_cast<SentencePieceModel::Algorithm>(field->value);
    if (field->is(35, Field::Kind::varint)) model.byte_fallback = field->value != 0;
    if (field->is(40, Field::Kind::varint)) model.unknown_id = static_cast<int32_t>(field->value);
    if (field->is(45, Field::Kind::bytes)) model.unknown_piece = field->bytes;
  }
}

void read_normalizer(std::string_view bytes, SentencePieceModel& model) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->is(2, Field::Kind::bytes)) model.character_map = field->bytes;
  }
}

SentencePieceModel model_from_bytes(std::string_view bytes, Watch& watch) {
  SentencePieceModel model;
  Message message(bytes);
  while (const auto field = message.next()) {
    watch.spend(Watch::bytes_per_token);
    if (field->is(1, Field::Kind::bytes)) model.pieces.push_back(piece_from(field->bytes));
    if (field->is(2, Field::Kind::bytes)) read_trainer(field->bytes, model);
    if (field->is(3, Field::Kind::bytes)) read_normalizer(field->bytes, model);
  }
  return model;
}

}  // namespace

SentencePieceModel read_sentencepiece_model(const std::filesystem::path& path, Watch& watch) {
  SentencePieceModel model;
  try {
    model = model_from_bytes(read_file(path, watch), watch);
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
  if (model.pieces.empty()) throw Error(path.string(), "a SentencePiece model", "no pieces");
  for (const auto& piece : model.pieces) {
    watch.spend(Watch::bytes_per_token);
    if (!is_utf8(piece.text)) throw Error(path.string(), "pieces in UTF-8", "other bytes");
    if (piece.text.size() > max_piece) {
      throw Error(path.string(), "pieces of at most " + std::to_string(max_piece) + " bytes",
                  std::to_string(piece.text.size()));
    }
  }
  return model;
}

}  // namespace locus::tokenization
