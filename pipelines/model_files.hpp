// The files that stand beside a model's weights.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "../models/model.hpp"

namespace locus {

/// Every file that decides what the model and its tokenizer do, by name.
std::map<std::string, std::filesystem::path> all_files(const Model& model);

/// Throws Error where a file that the tokenizer reads, or that says how inputs are read, is not
/// what it was when the model was opened: they are read when they are first needed.
void expect_unchanged_companions(const Model& model);
/// The same for all files, those of the weights included.
void expect_unchanged_files(const Model& model);

/// Where a model lies.
struct ModelPlace {
  std::filesystem::path model;   ///< the folder or file that `Model::open` reads
  std::filesystem::path folder;  ///< whose files say how texts become answers; empty for a file
};

/// Finds a model by its path or name, as `find_model` does. A sentence-transformers folder may hold
/// its Transformer in a folder of its own (`0_Transformer`), which its `modules.json` names.
ModelPlace find_place(const std::string& model);

/// Whether a conversion writes files of that path within a model's folder.
bool is_model_file(const std::filesystem::path& path);

/// Copies the tokenizer's files, and those that say how texts become vectors.
void copy_companions(const std::filesystem::path& from, const std::filesystem::path& to);

/// Writes what a model's config says of token ids and of the class of its tokenizer, for a folder
/// that has no config of Hugging Face's.
void write_ids(const Model& model, const std::filesystem::path& folder);

}  // namespace locus
