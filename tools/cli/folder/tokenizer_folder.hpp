// Where a model's tokenizer lies, without opening the model.
#pragma once

#include <filesystem>

namespace locus::cli {

/// `model` is a folder or a locus.json file. A folder that a locus.json names, or else the model's.
std::filesystem::path tokenizer_folder(const std::filesystem::path& model);

}  // namespace locus::cli
