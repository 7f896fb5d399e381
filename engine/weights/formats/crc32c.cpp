#include "engine/weights/formats/crc32c.hpp"

#include <array>
#include <bit>

namespace locus::weights {
namespace {

constexpr uint32_t polynomial = 0x82f63b78;  // reflected
constexpr size_t crc_step = 8;               // bytes at a time

using CrcRow = std::array<uint32_t, 256>;

// CrcRow k holds what a byte does to the sum that k more bytes follow.
constexpr std::array<CrcRow, crc_step> make_crc_rows() {
  std::array<CrcRow, crc_step> crc_rows{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? polynomial : 0);
    crc_rows[0][byte] = sum;
  }
  for (size_t k = 1; k < crc_step; ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = crc_rows[k - 1][byte];
      crc_rows[k][byte] = before >> 8 ^ crc_rows[0][before & 0xff];
    }
  }
  return crc_rows;
}

constexpr std::array<CrcRow, crc_step> crc_rows = make_crc_rows();

uint32_t add_byte(uint32_t sum, std::byte byte) {
  return sum >> 8 ^ crc_rows[0][(sum ^ std::to_integer<uint32_t>(byte)) & 0xff];
}

uint32_t add_step(uint32_t sum, const std::byte* bytes) {
  uint32_t next = 0;
  for (size_t i = 0; i < crc_step; ++i) {
    const uint32_t known = i < 4 ? sum >> 8 * i & 0xff : 0;
    next ^= crc_rows[crc_step - 1 - i][known ^ std::to_integer<uint32_t>(bytes[i])];
  }
  return next;
}

}  // namespace

uint32_t crc32c(std::span<const std::byte> bytes) {
  uint32_t sum = ~uint32_t{0};
  while (bytes.size() >= crc_step) {
    sum = add_step(sum, bytes.data());
    bytes = bytes.subspan(crc_step);
  }
  for (const std::byte byte : bytes) sum = add_byte(sum, byte);
  return ~sum;
}

uint32_t masked_crc32c(std::span<const std::byte> bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xa282ead8u;
}

}  // namespace locus::weights
