#include "tokenizer/folder/sentencepiece_model.hpp"

#include <bit>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/json/json.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// One field of a Protocol Buffers message.
struct Field {
  uint64_t number = 0;
  uint64_t value = 0;      // of a varint or fixed field
  std::string_view bytes;  // of a length-delimited one
};

// Protocol Buffers encoding: https://protobuf.dev/programming-guides/encoding
class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}

  /// The next field; none at the end. Throws `Error` on malformed bytes.
  std::optional<Field> next() {
    if (rest_.empty()) return std::nullopt;
    const uint64_t key = varint();
    Field field;
    field.number = key >> 3;
    switch (key & 7) {
      case 0:
        field.value = varint();
        break;
      case 1:
        field.value = fixed(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        field.value = fixed(4);
        break;
      default:
        fail();
    }
    return field;
  }

 private:
  [[noreturn]] static void fail() {
    throw Error("SentencePiece model", "Protocol Buffers", "malformed or missing bytes");
  }

  std::string_view take(uint64_t size) {
    if (size > rest_.size()) fail();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    fail();
  }

  uint64_t fixed(std::size_t size) {
    const std::string_view bytes = take(size);
    uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
      value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
    }
    return value;
  }

  std::string_view rest_;
};

SentencePieceModel::Piece piece_from(std::string_view bytes) {
  SentencePieceModel::Piece piece;
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->number == 1) piece.text = field->bytes;
    if (field->number == 2) piece.score = std::bit_cast<float>(static_cast<uint32_t>(field->value));
    if (field->number == 3) piece.type = static_cast<SentencePieceModel::PieceType>(field->value);
  }
  return piece;
}

void read_trainer(std::string_view bytes, SentencePieceModel& model) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->number == 3)
      model.algorithm = static_cast<SentencePieceModel::Algorithm>(field->value);
    if (field->number == 35) model.byte_fallback = field->value != 0;
    if (field->number == 40) model.unknown_id = static_cast<int32_t>(field->value);
    if (field->number == 45) model.unknown_piece = field->bytes;
  }
}

void read_normalizer(std::string_view bytes, SentencePieceModel& model) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->number == 2) model.character_map = field->bytes;
  }
}

SentencePieceModel model_from_bytes(std::string_view bytes, Watch& watch) {
  SentencePieceModel model;
  Message message(bytes);
  while (const auto field = message.next()) {
    watch.spend(Watch::bytes_of_entry);
    if (field->number == 1) model.pieces.push_back(piece_from(field->bytes));
    if (field->number == 2) read_trainer(field->bytes, model);
    if (field->number == 3) read_normalizer(field->bytes, model);
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
    watch.spend(Watch::bytes_of_entry);
    if (!is_utf8(piece.text)) throw Error(path.string(), "pieces in UTF-8", "other bytes");
  }
  return model;
}

}  // namespace locus::tokenization
