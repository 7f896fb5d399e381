#pragma once

#include <string_view>

namespace locus::tokenization {

/// Whether a key of tokenizer_config.json that was not asked for changes no id, no offset and no
/// decoded text. `known_class`: whether the tokenizer's class is one that Locus knows, so that it
/// has asked for what the class follows.
bool is_harmless_key(std::string_view key, bool known_class);

}  // namespace locus::tokenization
