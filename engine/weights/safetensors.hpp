// What a safetensors file says of itself. Internal: not installed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "engine/weights.hpp"

namespace locus {

/// The tensors of one file, by a header that was checked: the length of 8 bytes, little-endian,
/// then JSON, then values without holes (https://github.com/huggingface/safetensors, "Format").
Weights open_safetensors_file(const std::filesystem::path& file);

/// The tensors of all files that an index names, and every one where the index says.
Weights open_safetensors_index(const std::filesystem::path& file);

/// Throws Error unless `name` is a plain file name: what a downloaded file says must not lead out
/// of its folder.
void expect_file_name(std::string_view who, std::string_view name);

}  // namespace locus
