// Texts as their bytes: ByT5's (Xue et al. 2022).
#pragma once

#include <array>
#include <set>
#include <string>

#include "tokenizer/decoders/decoder.hpp"
#include "tokenizer/models/model.hpp"

namespace locus::tokenization {

/// A token for each byte: `ids[b]` for byte b.
ModelPointer byte_model(const std::array<int32_t, 256>& ids);

/// The token that byte `b` is: the character of that number.
std::string byte_character(unsigned b);

/// Puts bytes together; what is no UTF-8 is left out. Tokens that were added stand for themselves,
/// and those that stand `apart` between spaces.
DecoderPointer byte_decoder(std::set<std::string> added, std::set<std::string> apart);

}  // namespace locus::tokenization
