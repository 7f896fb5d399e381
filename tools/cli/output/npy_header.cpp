#include "tools/cli/output/npy_header.hpp"

#include <charconv>
#include <optional>

#include "base/error.hpp"

namespace locus::cli {
namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";
constexpr size_t max_header_bytes = 10'000;

[[noreturn]] void refuse_header(const std::string& who, const std::string& found) {
  throw Error(who, "a NumPy array file", found);
}

/// The text of the header, and where it ends.
struct HeaderText {
  std::string_view text;
  size_t end;
};

HeaderText find_text(const std::string& who, std::string_view content) {
  if (!content.starts_with(npy_magic) || content.size() < 12) refuse_header(who, "another file");
  const auto byte = [&](size_t place) { return static_cast<uint8_t>(content[place]); };
  const int version = byte(6);
  if (version < 1 || version > 3) refuse_header(who, "version " + std::to_string(version));
  size_t length = byte(8) + 256u * byte(9);
  if (version >= 2) length += 65536u * byte(10) + 16777216u * size_t{byte(11)};
  const size_t begin = version >= 2 ? 12 : 10;
  if (length > max_header_bytes)
    refuse_header(who, "a header of " + std::to_string(length) + " bytes");
  if (content.size() < begin + length) refuse_header(who, "a header that is cut off");
  return {content.substr(begin, length), begin + length};
}

/// The few forms of a Python dictionary that NumPy writes.
class HeaderParser {
 public:
  HeaderParser(const std::string& who, std::string_view text)
      : who_(who), all_(text), rest_(text) {}

  NpyHeader parse() {
    expect('{');
    while (!take('}')) {
      read_entry();
      if (!take(',') && !starts('}')) fail();
    }
    if (!starts_nothing() || !type_ || !order_ || !shape_) fail();
    return {*type_, *order_, *shape_, 0};
  }

 private:
  [[noreturn]] void fail() const {
    refuse_header(who_, "the header " + std::string(all_.substr(0, 80)));
  }

  void skip_space() {
    const size_t end = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(end, rest_.size()));
  }
  bool starts(char letter) {
    skip_space();
    return rest_.starts_with(letter);
  }
  bool starts_nothing() {
    skip_space();
    return rest_.empty();
  }
  bool take(char letter) {
    const bool found = starts(letter);
    if (found) rest_.remove_prefix(1);
    return found;
  }
  void expect(char letter) {
    if (!take(letter)) fail();
  }
  bool take_word(std::string_view word) {
    skip_space();
    const bool found = rest_.starts_with(word);
    if (found) rest_.remove_prefix(word.size());
    return found;
  }

  std::string read_text() {
    const char quote = take('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const size_t end = rest_.find(quote);
    if (end == rest_.npos) fail();
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool read_truth() {
    if (take_word("True")) return true;
    if (!take_word("False")) fail();
    return false;
  }

  int64_t read_size() {
    skip_space();
    int64_t size = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
    if (error != std::errc() || size < 0) fail();
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return size;
  }

  Shape read_shape() {
    Shape shape;
    expect('(');
    while (!take(')')) {
      if (shape.size() == max_stored_rank) fail();
      shape.push_back(read_size());
      if (!take(',') && !starts(')')) fail();
    }
    return shape;
  }

  void read_entry() {
    const std::string key = read_text();
    expect(':');
    if (key == "descr" && !type_) {
      type_ = read_text();
    } else if (key == "fortran_order" && !order_) {
      order_ = read_truth();
    } else if (key == "shape" && !shape_) {
      shape_ = read_shape();
    } else {
      fail();
    }
  }

  const std::string& who_;
  std::string_view all_, rest_;
  std::optional<std::string> type_;
  std::optional<bool> order_;
  std::optional<Shape> shape_;
};

}  // namespace

NpyHeader parse_npy_header(const std::string& who, std::string_view content) {
  const HeaderText found = find_text(who, content);
  NpyHeader header = HeaderParser(who, found.text).parse();
  header.data = found.end;
  return header;
}

}  // namespace locus::cli
