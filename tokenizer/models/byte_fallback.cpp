#include "tokenizer/models/byte_fallback.hpp"

#include <algorithm>

namespace locus::tokenization {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

std::optional<unsigned> digit_value(char digit) {
  if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - 'a' + 'A');
  const std::size_t value = digits.find(digit);
  return value == std::string_view::npos ? std::nullopt
                                         : std::optional(static_cast<unsigned>(value));
}

}  // namespace

ByteFallback::ByteFallback(const Vocabulary& vocabulary) {
  for (unsigned byte = 0; byte < ids_.size(); ++byte) {
    const std::string token = std::string("<0x") + digits[byte >> 4] + digits[byte & 15] + ">";
    ids_[byte] = vocabulary.id(token).value_or(-1);
  }
}

bool ByteFallback::covers(std::string_view bytes) const {
  return std::all_of(bytes.begin(), bytes.end(), [this](char byte) { return id(byte) >= 0; });
}

std::optional<char> byte_of_token(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return std::nullopt;
  const auto high = digit_value(token[3]), low = digit_value(token[4]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high << 4 | *low);
}

}  // namespace locus::tokenization
