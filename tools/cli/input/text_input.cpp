#include "tools/cli/input/text_input.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>
#include <sstream>

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/model_input.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

constexpr size_t line_step = size_t{1} << 16;
constexpr size_t max_held_bytes = size_t{256} << 20;  // bytes of lines that are held together

/// Lines as they come: waits for no more than a line needs.
class InputLines {
 public:
  explicit InputLines(std::streambuf& input) : input_(input) {}

  /// Goes to the next line, whatever is left of the one before. False at the end of the input.
  bool next() {
    while (!read(line_step).empty()) continue;
    check_interruption();
    inside_ = input_.sgetc() != end_of_input;
    return inside_;
  }
  std::string read(size_t bytes) {
    std::string part;
    while (inside_ && part.size() < bytes) {
      const int next = input_.sbumpc();
      inside_ = next != end_of_input && next != '\n';
      if (inside_) part += static_cast<char>(next);
    }
    return part;
  }

 private:
  static constexpr int end_of_input = std::char_traits<char>::eof();

  std::streambuf& input_;
  bool inside_ = false;
};

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

std::optional<int32_t> read_number(std::string_view text, int32_t) {
  int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<float> read_number(std::string_view text, float) {
  const auto number = decimal_of(text);
  if (!number || !std::isfinite(static_cast<float>(*number))) return std::nullopt;
  return static_cast<float>(*number);
}

template <typename T>
std::vector<T> parse_list(std::string_view who, std::string_view list, std::string_view expected) {
  std::vector<T> values;
  for (const auto part : parts_of(list)) {
    const auto value = read_number(part, T());
    if (!value) throw Error(who, expected, std::string(part));
    values.push_back(*value);
  }
  return values;
}

void expect_paths(const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    std::error_code failure;
    if (path != "-" && !std::filesystem::exists(path, failure)) {
      throw Error(path, "a file or folder", "none");
    }
  }
}

}  // namespace

std::vector<Document> read_given_documents(const std::vector<std::string>& paths,
                                           const std::string& separator, const std::string& field) {
  expect_paths(paths);
  return locus::read_documents(paths, separator, open_once(), field, check_interruption);
}

OpenDocuments stream_given_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const std::string& field) {
  expect_paths(paths);
  return locus::stream_documents(paths, separator, open_again(), field);
}

std::vector<Text> read_ids_file(const std::string& file) {
  std::istringstream lines(read_given(file));
  std::vector<Text> texts;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r\n\f\v") == line.npos) continue;
    const auto who = file + ", line " + std::to_string(number);
    Text text;
    text.name = who;
    text.ids = parse_ids(who, line);
    texts.push_back(std::move(text));
  }
  if (texts.empty()) throw Error(file, "at least one line of token ids", "nothing");
  return texts;
}

void expect_length(const std::string& who, size_t bytes) {
  if (bytes <= max_line_bytes) return;
  throw Error(who, "at most " + std::to_string(max_line_bytes) + " bytes", "more");
}

void for_each_line(
    const std::function<void(const std::string& who, const std::string& line)>& take) {
  for_each_long_line([&](const std::string& who, const ReadBytes& read) {
    std::string line = read(line_step);
    for (size_t size = 0; line.size() - size == line_step;) {
      size = line.size();
      expect_length(who, size);
      line += read(line_step);
    }
    take(who, line);
  });
}

void for_each_long_line(
    const std::function<void(const std::string& who, const ReadBytes& read)>& take) {
  invite();
  std::ios::sync_with_stdio(false);
  InputLines lines(*std::cin.rdbuf());
  for (int64_t number = 1; lines.next(); ++number) {
    take("stdin, line " + std::to_string(number), [&](size_t bytes) {
      check_interruption();
      return lines.read(bytes);
    });
  }
  check_interruption();  // an end of input that came with the signal is no success
}

std::vector<std::string> texts_or_lines(const std::vector<std::string>& arguments) {
  const auto check = [](const std::string& who, const std::string& text) {
    if (!text.empty()) check_text(who, text);  // an empty text among others is a text
  };
  const bool given = !arguments.empty();
  std::vector<std::string> texts = arguments;
  if (texts.size() == 1) check_text("text", texts.front());
  for (size_t i = 0; i < texts.size(); ++i) check("text " + std::to_string(i + 1), texts[i]);
  if (!given) {
    size_t bytes = 0;
    for_each_line([&](const std::string& who, const std::string& line) {
      check(who, line);
      bytes += line.size() + sizeof(std::string);
      if (bytes > max_held_bytes) {
        throw Error(who, "at most " + std::to_string(max_held_bytes) + " bytes of all lines",
                    "more");
      }
      texts.push_back(line);
    });
  }
  if (std::ranges::all_of(texts, &std::string::empty)) {
    throw Error(given ? "texts" : "stdin", "at least one text that is not empty", "nothing");
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
    if (length >= 1 && length <= max_sequence_length) continue;
    throw Error(who, "lengths from 1 to " + std::to_string(max_sequence_length),
                std::to_string(length));
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
