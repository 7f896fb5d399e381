// Whole text files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "watch.hpp"

namespace locus {

/// Of a text file that is read whole; beyond any of a real model.
inline constexpr uint64_t max_text_bytes = uint64_t{1} << 30;

/// The file's bytes. Throws Error that names the file: for a device or a pipe too, and for one that
/// is longer.
std::string read_file(const std::filesystem::path& file, uint64_t max_bytes = max_text_bytes);
/// `read_file` that `watch` may end.
std::string read_file(const std::filesystem::path& file, Watch& watch,
                      uint64_t max_bytes = max_text_bytes);

}  // namespace locus
