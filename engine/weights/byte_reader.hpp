// Numbers and texts of a binary file, in turn, never beyond its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/file_bytes.hpp"

namespace locus::weights {

class ByteReader {
 public:
  /// `who` stands in front of every complaint.
  ByteReader(std::string who, std::span<const std::byte> bytes)
      : who_(std::move(who)), bytes_(bytes) {}

  /// Of a file's first bytes: what is taken is read first.
  ByteReader(std::string who, const FileBytes& file, uint64_t count)
      : who_(std::move(who)),
        bytes_(file.bytes().first(static_cast<size_t>(count))),
        file_(&file) {}

  const std::string& who() const { return who_; }
  size_t position() const { return position_; }
  size_t left() const { return bytes_.size() - position_; }
  /// Throws Error beyond the end, here and below.
  void seek(uint64_t position);
  std::span<const std::byte> take(uint64_t count);
  /// Passes bytes over without reading them, and says where they lie.
  std::span<const std::byte> pass(uint64_t count);
  std::string_view text(uint64_t count);
  /// Up to the next line feed, which is passed over.
  std::string_view line();
  /// A little-endian number.
  template <typename Number>
  Number number() {
    uint64_t value = 0;
    const auto bytes = take(sizeof(Number));
    for (size_t i = 0; i < bytes.size(); ++i) {
      value |= std::to_integer<uint64_t>(bytes[i]) << 8 * i;
    }
    return static_cast<Number>(value);
  }
  /// Seven bits a byte, the lowest first, as protocol buffers have them.
  uint64_t varint();

 private:
  std::string who_;
  std::span<const std::byte> bytes_;
  const FileBytes* file_ = nullptr;
  size_t position_ = 0;
};

/// A text from a file for a message of one line: cut where it is long, `?` for what is not
/// printable.
std::string shown_ascii(std::string_view text);

/// Throws Error unless a tensor's name is of 1 to 1,024 bytes that are printable characters.
void expect_tensor_name(std::string_view who, std::string_view name);

}  // namespace locus::weights
