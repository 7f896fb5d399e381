#include "base/sha256.hpp"

#include <nettle/sha2.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <vector>

#include "base/error.hpp"

namespace locus {
namespace {

class Sha256 {
 public:
  Sha256() { sha256_init(&context_); }
  void update(std::string_view bytes) {
    sha256_update(&context_, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  }
  std::string digest() {
    std::array<uint8_t, SHA256_DIGEST_SIZE> bytes;
    sha256_digest(&context_, bytes.size(), bytes.data());
    std::string text;
    for (const auto byte : bytes) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  }

 private:
  sha256_ctx context_;
};

}  // namespace

std::string sha256(std::string_view content) {
  Sha256 hash;
  hash.update(content);
  return hash.digest();
}

std::string sha256_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 hash;
  std::vector<char> buffer(1 << 20);
  while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
         stream.gcount() > 0) {
    hash.update({buffer.data(), static_cast<size_t>(stream.gcount())});
  }
  if (!stream.eof()) throw Error(file.string(), "a file that can be read", "an error");
  return hash.digest();
}

}  // namespace locus
