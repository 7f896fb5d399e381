#include "base/sha256.hpp"

#include <nettle/sha2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <vector>

#include "base/error.hpp"

namespace locus {
namespace {

constexpr size_t at_once = size_t{1} << 20;  // bytes, a few milliseconds

}  // namespace

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }
Sha256::~Sha256() = default;

void Sha256::add(std::string_view content) {
  sha256_update(&state_->context, content.size(), reinterpret_cast<const uint8_t*>(content.data()));
}

std::string Sha256::digits() {
  std::array<uint8_t, SHA256_DIGEST_SIZE> bytes;
  sha256_digest(&state_->context, bytes.size(), bytes.data());
  std::string text;
  for (const auto byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::string sha256(std::string_view content, const std::function<void()>& check) {
  Sha256 hash;
  for (; !content.empty(); content.remove_prefix(std::min(content.size(), at_once))) {
    if (check) check();
    hash.add(content.substr(0, at_once));
  }
  return hash.digits();
}

std::string sha256_of_file(const std::filesystem::path& file, const std::function<void()>& check) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 hash;
  std::vector<char> buffer(at_once);
  while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
         stream.gcount() > 0) {
    if (check) check();
    hash.add({buffer.data(), static_cast<size_t>(stream.gcount())});
  }
  if (!stream.eof()) throw Error(file.string(), "a file that can be read", "an error");
  return hash.digits();
}

}  // namespace locus
