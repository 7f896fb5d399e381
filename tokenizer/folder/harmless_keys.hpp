#pragma once

#include <string_view>

namespace locus::tokenization {

/// How tokenizer_config.json was read.
struct Reading {
  bool known_class;   // one that Locus knows: it has asked for what the class follows
  bool has_document;  // tokenizer.json is there, and says what the older files would
};

/// Whether a key that was not asked for changes no id, no offset and no decoded text.
bool is_harmless_key(std::string_view key, const Reading& reading);
/// Whether a key is an argument that only Python can give: the reference fails on its text.
bool is_python_object(std::string_view key);

}  // namespace locus::tokenization
