#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <typeinfo>

#include "base/utf8.hpp"

namespace locus {
namespace {

constexpr std::size_t max_part = 1024;      // bytes of a name or a value that a message quotes
constexpr std::size_t max_expected = 4096;  // of a list of what is known, or of a rule

bool is_control(char32_t c) {
  // C0, DEL and C1; what ends a line in Unicode; what turns the direction of writing.
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void append_hexadecimal(std::string& text, char32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[value >> shift & 15];
  }
}

void append_escaped(std::string& text, char32_t c) {
  if (c == '\n') {
    text += "\\n";
  } else if (c == '\r') {
    text += "\\r";
  } else if (c == '\t') {
    text += "\\t";
  } else {
    text += c < 0x100 ? "\\x" : "\\u";
    append_hexadecimal(text, c, c < 0x100 ? 2 : 4);
  }
}

// A part of at most `bytes` bytes and three dots; a character that is cut is left out.
std::string shortened(std::string_view part, std::size_t bytes = max_part) {
  if (part.size() <= bytes) return std::string(part);
  part = part.substr(0, bytes);
  part.remove_suffix(utf8::incomplete_tail(part));
  return std::string(part) + "...";
}

std::string message_of(std::string_view who, std::string_view expected, std::string_view found) {
  return shortened(who) + ": expected " + shortened(expected, max_expected) + ", found " +
         shortened(found);
}

// Whether an exception is of the standard library or of one that Locus calls, by the namespace that
// its mangled name begins with.
bool is_of_library(const std::type_info& type) {
  const std::string_view name = type.name();
  return std::ranges::any_of(std::array<std::string_view, 4>{"St", "NSt", "N8nlohmann", "N4dnnl"},
                             [&](std::string_view space) { return name.starts_with(space); });
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string line;
  line.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t size = 1;
    while (size < 4 && at + size < bytes.size() && (bytes[at + size] & 0xC0) == 0x80) ++size;
    const std::string_view character = bytes.substr(at, size);
    if (!utf8::is_utf8(character)) {
      line += "\\x";
      append_hexadecimal(line, static_cast<unsigned char>(bytes[at]), 2);
      size = 1;
    } else if (const char32_t c = utf8::code_point(character, 0).value; is_control(c)) {
      append_escaped(line, c);
    } else {
      line += character;
    }
    at += size;
  }
  return line;
}

Error::Error(std::string_view message) : std::runtime_error(printable(message)) {}

Error::Error(std::string_view who, std::string_view expected, std::string_view found)
    : std::runtime_error(printable(message_of(who, expected, found))) {}

void throw_as_error(std::string_view who) {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const std::filesystem::filesystem_error& error) {
    const std::string path = error.path1().string();
    throw Error(path.empty() ? who : path, "a path that can be used", error.code().message());
  } catch (const std::system_error& error) {
    throw Error(who, "what it needs of the system", error.code().message());
  } catch (const std::bad_alloc&) {
    throw Error(who, "enough memory", "none left");
  } catch (const std::length_error&) {
    throw Error(who, "a size that memory may have", "a larger one");
  } catch (const std::exception& error) {
    if (!is_of_library(typeid(error))) throw;
    throw Error(who, "no failure of a library", error.what());
  }
}

}  // namespace locus
