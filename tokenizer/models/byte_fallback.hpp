#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tokenizer/models/vocabulary.hpp"

namespace locus::tokenization {

/// The tokens <0x00> to <0xFF> of a vocabulary.
class ByteFallback {
 public:
  explicit ByteFallback(const Vocabulary& vocabulary);

  /// Whether there is a token for each of these bytes.
  bool covers(std::string_view bytes) const;
  int32_t id(char byte) const { return ids_[static_cast<unsigned char>(byte)]; }

 private:
  std::array<int32_t, 256> ids_;
};

/// The byte that a token such as <0x0A> stands for.
std::optional<char> byte_of_token(std::string_view token);

}  // namespace locus::tokenization
