// Files made by hand for the tests of formats.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace locus::tests {

/// The bytes of a safetensors file whose header claims to be `length` bytes long.
inline std::string raw_safetensors(uint64_t length, std::string_view header,
                                   std::string_view data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> 8 * i);
  return bytes.append(header).append(data);
}

inline std::string raw_safetensors(std::string_view header, std::string_view data) {
  return raw_safetensors(header.size(), header, data);
}

}  // namespace locus::tests
