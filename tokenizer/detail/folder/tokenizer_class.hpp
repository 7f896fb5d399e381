// The tokenizer classes of the reference, as far as they differ once a document is there.
#pragma once

#include <filesystem>
#include <string_view>

#include "tokenizer/detail/folder/document.hpp"
#include "tokenizer/detail/folder/settings.hpp"

namespace locus::tokenization {

struct TokenizerClass;

/// What a class reads its older files with.
struct Source {
  std::filesystem::path folder;
  const Settings& settings;
  const TokenizerClass& type;
};

/// The flags of added tokens that a class gives its special tokens when they are strings.
struct SpecialFlags {
  bool normalized = false;
  bool mask_takes_space = false;
  bool mask_normalized = false;
};

struct TokenizerClass {
  std::string_view name;  // without "Fast"
  SpecialDefaults specials;
  SpecialFlags flags_of_files, flags_of_json;
  /// Makes a document of the class's older files; null where there are none.
  Json (*read_files)(const Source&) = nullptr;
  /// What the class changes in any document; null: nothing.
  void (*adjust)(Json& document, const Source&) = nullptr;
  bool cleans_spaces_of_files = false;
};

/// Null if unknown. A "Fast" at the end of the name does not matter.
const TokenizerClass* find_tokenizer_class(std::string_view name);
/// The class of a config.json's model_type; null if unknown.
const TokenizerClass* class_of_model_type(std::string_view model_type);
/// The class for a tokenizer.json without more information.
const TokenizerClass& generic_class();

// Readers of older files.
Json read_word_piece_files(const Source& source);
Json read_byte_pair_files(const Source& source);
Json read_t5_file(const Source& source);
Json read_llama_file(const Source& source);
Json read_xlm_roberta_file(const Source& source);

/// The path of the SentencePiece model in a folder, by the names in use; empty if there is none.
std::filesystem::path sentencepiece_path(const std::filesystem::path& folder);

}  // namespace locus::tokenization
