// The printable characters that byte-level vocabularies spell bytes with (GPT-2,
// `bytes_to_unicode`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace locus::tokenization {

/// The bytes that a token spells; none if a character of it stands for no byte.
std::optional<std::string> spelled_bytes(std::string_view token);

/// The character that stands for a byte.
char32_t spelling(uint8_t byte);

}  // namespace locus::tokenization
