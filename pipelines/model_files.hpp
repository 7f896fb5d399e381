// The files that stand beside a model's weights.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "../models/model.hpp"

namespace locus {

/// Every file that decides what the model and its tokenizer do, by name.
std::map<std::string, std::filesystem::path> all_files(const Model& model);

/// The folder in which a sentence-transformers folder holds its Transformer: itself, or the one
/// that `modules.json` names (`0_Transformer`). Any other path is returned as it is.
std::filesystem::path transformer_folder(const std::filesystem::path& path);

/// The folder or file of a model by its path or name, as `find_model` has it; also a
/// sentence-transformers folder that holds its Transformer in a folder of its own.
std::filesystem::path find_folder(const std::string& model);

/// Whether a conversion writes files of that path within a model's folder.
bool is_model_file(const std::filesystem::path& path);

/// Copies the tokenizer's files, and those that say how texts become vectors.
void copy_companions(const std::filesystem::path& from, const std::filesystem::path& to);

/// Writes what a model's config says of token ids and of the class of its tokenizer, for a folder
/// that has no config of Hugging Face's.
void write_ids(const Model& model, const std::filesystem::path& folder);

}  // namespace locus
