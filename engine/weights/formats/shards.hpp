// A model in several files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/weights.hpp"

namespace locus::weights {

/// The tensors of all files that an index names, `{"metadata": {...}, "weight_map": {"name":
/// "file",
/// ...}}`, and every one where the index says. `open` reads one file.
Weights open_shards(const std::filesystem::path& index,
                    Weights (*open)(const std::filesystem::path&));

/// Whether a file is such an index.
bool is_shard_index(const std::filesystem::path& file);

}  // namespace locus::weights
