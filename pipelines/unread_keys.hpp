// Keys of a folder's files that Locus does not use.
#pragma once

#include <filesystem>
#include <vector>

#include "../models/model.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// Keys that ask for something that Locus does not do, so that a result may differ from the
/// reference's: those of the model (`Model::unread_keys`), of `tokenizer_config.json` where
/// `tokenizer` is not null, and of `preprocessor_config.json` where the model reads images.
std::vector<UnreadKey> unread_keys(const Model& model, const Tokenizer* tokenizer);

/// Those of a sentence-transformers folder's own files: `modules.json`,
/// `config_sentence_transformers.json`, `sentence_bert_config.json` by any of its names.
std::vector<UnreadKey> unread_sentence_keys(const std::filesystem::path& folder);

}  // namespace locus
