// Protocol Buffers, as far as SentencePiece's files need them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace locus::tokenization {

// One field of a Protocol Buffers message.
struct Field {
  enum class Kind { varint = 0, eight = 1, bytes = 2, four = 5 };

  uint64_t number = 0;
  Kind kind = Kind::varint;
  uint64_t value = 0;      // of a number of any kind
  std::string_view bytes;  // of the kind of that name

  bool is(uint64_t wanted, Kind of_kind) const { return number == wanted && kind == of_kind; }
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
    if (key > UINT32_MAX) fail();  // other readers take its lower bits
    field.number = key >> 3;
    field.kind = static_cast<Field::Kind>(key & 7);
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

}  // namespace locus::tokenization
