#include "base/json/json_text.hpp"

#include <array>
#include <cstdio>

namespace locus::detail {
namespace {

void append_escaped(std::string& line, char character) {
  if (character == '"' || character == '\\') {
    line += '\\';
    line += character;
    return;
  }
  std::array<char, 8> buffer;
  std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned char>(character));
  line += buffer.data();
}

}  // namespace

void append_json(std::string& line, std::string_view text) {
  line += '"';
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || character == '"' || character == '\\') {
      append_escaped(line, character);
    } else {
      line += character;
    }
  }
  line += '"';
}

}  // namespace locus::detail
