// The tokenizer classes of the reference, as far as they differ once a document is there.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "base/watch.hpp"
#include "tokenizer/folder/document.hpp"
#include "tokenizer/folder/settings.hpp"

namespace locus::tokenization {

struct Pipeline;
struct TokenizerClass;
struct TranslationSide;

/// What a class reads its older files with.
struct Source {
  std::filesystem::path folder;
  const Settings& settings;
  const TokenizerClass& type;
  Watch& watch;
};

/// The flags of added tokens that a class gives its special tokens when they are strings.
struct SpecialFlags {
  bool normalized = false;
  bool mask_takes_space = false;
  bool mask_normalized = false;
  bool unknown_normalized = false;
  bool leaves_others = false;  // `normalized` is not of separators, classes and masks
};

/// The files that a class read before there was tokenizer.json.
struct OlderFiles {
  bool (*are_there)(const std::filesystem::path& folder);
  Json (*read)(const Source&);
  /// Whether settings make the reference read them although there is a tokenizer.json; null: never.
  bool (*win)(const Settings&) = nullptr;
};

/// A class of Python's own, which no document can say.
struct WithoutDocument {
  bool (*are_there)(const std::filesystem::path& folder);  // its files
  std::unique_ptr<Pipeline> (*open)(const Source&, const TranslationSide&);
};

/// Whether a class hands `token_type_ids` to a model. Some did until transformers 4.
enum class GivesTypes { never, until_version_4, always };

struct TokenizerClass {
  std::string_view name;  // without "Fast"
  SpecialDefaults specials;
  SpecialFlags flags_of_files, flags_of_json;
  const OlderFiles* files = nullptr;
  /// What the class changes in any document; null: nothing.
  void (*adjust)(Json& document, const Source&) = nullptr;
  bool cleans_spaces_of_files = false;
  /// additional_special_tokens; null: those of the settings.
  std::vector<Json> (*additional)(const Source&) = nullptr;
  /// What the class changes once a document has become a pipeline; null: nothing.
  void (*finish)(Pipeline&, const Source&) = nullptr;
  GivesTypes gives_types = GivesTypes::never;
  /// Whether transformers 5 changes its own documents so too.
  bool adjusts_version_5 = false;
  /// Whether Python cuts its texts, of which no library does.
  bool in_python = false;
  const WithoutDocument* without_document = nullptr;
};

/// Null if unknown. A "Fast" at the end of the name does not matter.
const TokenizerClass* find_tokenizer_class(std::string_view name);
/// The class of a config.json's model_type; null if unknown.
const TokenizerClass* class_of_model_type(std::string_view model_type);
/// The class for a tokenizer.json without more information.
const TokenizerClass& generic_class();

extern const OlderFiles word_piece_files, protein_files;
extern const OlderFiles gpt2_files, roberta_files, deberta_files, qwen2_files, gpt_files;
extern const OlderFiles t5_file, llama_file;
extern const OlderFiles xlm_roberta_file, camembert_file, mbart_file, mbart50_file, nllb_file;
extern const OlderFiles albert_file, xlnet_file, deberta_v2_file, pegasus_file;
extern const WithoutDocument marian_class, m2m_100_class, byt5_class;

/// The path of the SentencePiece model in a folder, by the names in use; empty if there is none.
std::filesystem::path sentencepiece_path(const std::filesystem::path& folder);
bool has_sentencepiece_file(const std::filesystem::path& folder);

}  // namespace locus::tokenization
