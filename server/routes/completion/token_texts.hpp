// Ids as the texts that follow each other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/api/fields.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::server {

/// What each token adds to the text: nothing where a character is not complete yet. Joined they are
/// the text of all. Without a tokenizer a token's text is its id.
std::vector<std::string> token_texts(const std::shared_ptr<const Tokenizer>& tokenizer,
                                     const Ids& ids);

/// A token by itself, special ones included.
std::string token_text(const std::shared_ptr<const Tokenizer>& tokenizer, int32_t id);

}  // namespace locus::server
