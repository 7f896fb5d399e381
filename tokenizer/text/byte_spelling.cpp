#include "tokenizer/text/byte_spelling.hpp"

#include <array>

#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t last_spelling = 0x143;

struct Tables {
  std::array<char32_t, 256> character{};
  std::array<int16_t, last_spelling + 1> byte{};
};

constexpr bool is_printable(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// Printable bytes stand for themselves, the others for the characters from U+0100 on, in order.
constexpr Tables make_tables() {
  Tables tables;
  tables.byte.fill(-1);
  char32_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char32_t c = is_printable(byte) ? byte : next++;
    tables.character[byte] = c;
    tables.byte[c] = static_cast<int16_t>(byte);
  }
  return tables;
}

constexpr Tables tables = make_tables();

}  // namespace

std::optional<std::string> spelled_bytes(std::string_view token) {
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const auto [value, size] = code_point(token, at);
    if (value > last_spelling || tables.byte[value] < 0) return std::nullopt;
    bytes += static_cast<char>(tables.byte[value]);
    at += size;
  }
  return bytes;
}

char32_t spelling(uint8_t byte) { return tables.character[byte]; }

}  // namespace locus::tokenization
