#include "engine/weights/byte_reader.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace locus::weights {
namespace {

constexpr size_t max_name_bytes = 1024;
constexpr size_t max_shown = 80;

bool is_printable(char letter) { return letter >= ' ' && letter <= '~'; }

}  // namespace

void ByteReader::seek(uint64_t position) {
  if (position > bytes_.size()) {
    throw Error(who_, "a place within its " + std::to_string(bytes_.size()) + " bytes",
                std::to_string(position));
  }
  position_ = static_cast<size_t>(position);
}

std::span<const std::byte> ByteReader::take(uint64_t count) {
  const auto part = pass(count);
  if (file_) file_->load(part);
  return part;
}

std::span<const std::byte> ByteReader::pass(uint64_t count) {
  if (count > left()) {
    throw Error(who_, std::to_string(count) + " bytes from byte " + std::to_string(position_),
                "the end after " + std::to_string(left()));
  }
  const auto part = bytes_.subspan(position_, static_cast<size_t>(count));
  position_ += part.size();
  return part;
}

std::string_view ByteReader::text(uint64_t count) {
  const auto part = take(count);
  return {reinterpret_cast<const char*>(part.data()), part.size()};
}

std::string_view ByteReader::line() {
  const size_t begin = position_;
  while (number<char>() != '\n') {
  }
  const auto line = bytes_.subspan(begin, position_ - 1 - begin);
  return {reinterpret_cast<const char*>(line.data()), line.size()};
}

uint64_t ByteReader::varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = number<uint8_t>();
    value |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
  throw Error(who_, "a number of at most 10 bytes before byte " + std::to_string(position_),
              "a longer one");
}

std::string shown_ascii(std::string_view text) {
  std::string shown(text.substr(0, max_shown));
  std::ranges::replace_if(
      shown, [](char letter) { return !is_printable(letter); }, '?');
  return text.size() > max_shown ? shown + "..." : shown;
}

void expect_tensor_name(std::string_view who, std::string_view name) {
  if (!name.empty() && name.size() <= max_name_bytes && printable(name) == name) return;
  throw Error(who, "names of 1 to 1,024 printable characters", "'" + shown_ascii(name) + "'");
}

}  // namespace locus::weights
