#include "tools/cli/input/text_input.hpp"

#include <utf8proc.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

[[noreturn]] void refuse_byte(std::string_view who, std::string_view text, size_t place) {
  std::array<char, 8> byte;
  std::snprintf(byte.data(), byte.size(), "0x%02x", static_cast<unsigned char>(text[place]));
  throw Error(who, "UTF-8 text",
              std::string("byte ") + byte.data() + " at offset " + std::to_string(place));
}

std::string all_of(std::istream& stream) {
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

void invite() {
  if (isatty(STDIN_FILENO) && stderr_is_terminal()) {
    std::fputs("Type a line for each text; Ctrl-D ends.\n", stderr);
  }
}

// The parts of a list between commas and white space.
std::vector<std::string_view> parts_of(std::string_view list) {
  constexpr std::string_view separators = ", \t\r\n";
  std::vector<std::string_view> parts;
  for (size_t begin = list.find_first_not_of(separators); begin != list.npos;) {
    const auto end = list.find_first_of(separators, begin);
    parts.push_back(list.substr(begin, end - begin));
    begin = end == list.npos ? end : list.find_first_not_of(separators, end);
  }
  return parts;
}

template <typename T>
std::vector<T> parse_list(std::string_view who, std::string_view list, std::string_view expected) {
  std::vector<T> values;
  for (const auto part : parts_of(list)) {
    T value{};
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size()) {
      throw Error(who, expected, std::string(part));
    }
    values.push_back(value);
  }
  return values;
}

}  // namespace

void check_utf8(std::string_view who, std::string_view text) {
  for (size_t place = 0; place < text.size();) {
    utf8proc_int32_t code = 0;
    const auto bytes =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + place),
                         static_cast<utf8proc_ssize_t>(text.size() - place), &code);
    if (bytes <= 0) refuse_byte(who, text, place);
    place += static_cast<size_t>(bytes);
  }
}

void check_text(std::string_view who, std::string_view text) {
  if (text.empty()) throw Error(who, "a text that is not empty", "nothing");
  check_utf8(who, text);
}

std::string read_file(const std::filesystem::path& file) {
  if (file == "-") return all_of(std::cin);
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw Error(file.string(), "a file", "a folder");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(file.string(), "a file that can be read", "none");
  return all_of(stream);
}

void for_each_line(
    const std::function<void(const std::string& who, const std::string& line)>& take) {
  invite();
  std::ios::sync_with_stdio(false);
  std::string line;
  for (int64_t number = 1; std::getline(std::cin, line); ++number) {
    check_interruption();
    take("stdin, line " + std::to_string(number), line);
  }
  check_interruption();  // an end of input that came with the signal is no success
}

std::vector<std::string> texts_or_lines(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    check_utf8(arguments.size() == 1 ? "text" : "text " + std::to_string(i + 1), arguments[i]);
  }
  const bool given = !arguments.empty();
  std::vector<std::string> texts = arguments;
  if (!given) {
    for_each_line([&](const std::string& who, const std::string& line) {
      check_utf8(who, line);
      texts.push_back(line);
    });
  }
  if (std::ranges::all_of(texts, &std::string::empty)) {
    throw Error(given ? "text" : "stdin", "at least one text that is not empty", "nothing");
  }
  return texts;
}

std::vector<int32_t> parse_ids(std::string_view who, std::string_view text) {
  auto ids = parse_list<int32_t>(who, text, "token ids such as 101,2023,102");
  if (ids.empty()) throw Error(who, "at least one token id", "none");
  return ids;
}

std::vector<int64_t> parse_lengths(std::string_view who, std::string_view text) {
  const auto lengths = parse_list<int32_t>(who, text, "lengths such as 16,128,512");
  if (lengths.empty()) throw Error(who, "at least one length", "none");
  for (const auto length : lengths) {
    if (length < 1) throw Error(who, "lengths above 0", std::to_string(length));
  }
  return {lengths.begin(), lengths.end()};
}

std::vector<float> parse_numbers(std::string_view who, std::string_view text) {
  auto values = parse_list<float>(who, text, "numbers such as 0,1,2.5");
  for (const auto value : values) {
    if (!std::isfinite(value)) throw Error(who, "finite numbers", std::to_string(value));
  }
  return values;
}

}  // namespace locus::cli
