// The files of a model's folder. Internal: not installed.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "engine/locus_file.hpp"
#include "models/config.hpp"

namespace locus {

/// Every file that is read, by name.
using ModelFiles = std::map<std::string, std::filesystem::path>;

/// `model.safetensors`, or the index with its shards. Throws Error where the folder has neither.
Weights open_weights(const std::filesystem::path& folder, ModelFiles& files);
/// A config of the folder; an empty one where an optional file is absent.
Config read_config(const std::filesystem::path& folder, ModelFiles& files);
Config read_optional_config(const std::filesystem::path& folder, const std::string& name,
                            ModelFiles& files);
/// A `locus.json` file and the weights that lie beside it.
LocusFile read_locus(const std::filesystem::path& file, ModelFiles& files);
/// The `locus.json` that a path means: the file itself or the one in the folder; empty for a
/// Hugging Face folder. Throws Error where there is no model.
std::filesystem::path locus_file_of(const std::filesystem::path& path);

}  // namespace locus
