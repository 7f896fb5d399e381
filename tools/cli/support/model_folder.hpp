// The files that stand beside a model's weights.
#pragma once

#include <filesystem>

#include "models/model.hpp"

namespace locus::cli {

/// Copies the tokenizer's files, and those that say how texts become vectors.
void copy_companions(const std::filesystem::path& from, const std::filesystem::path& to);

/// Writes what a model's config says of token ids and of the class of its tokenizer, for a folder
/// that has no config of Hugging Face's.
void write_ids(const Model& model, const std::filesystem::path& folder);

}  // namespace locus::cli
