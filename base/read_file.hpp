// Whole text files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "watch.hpp"

namespace locus {

/// The file's bytes. Throws Error that names the file: for a device or a pipe too, and for one that
/// is longer.
std::string read_file(const std::filesystem::path& file, uint64_t max_bytes = uint64_t{1} << 32);
/// `read_file` that `watch` may end.
std::string read_file(const std::filesystem::path& file, Watch& watch,
                      uint64_t max_bytes = uint64_t{1} << 32);

}  // namespace locus
