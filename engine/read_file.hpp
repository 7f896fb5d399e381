// Whole text files. Internal: not installed.
#pragma once

#include <filesystem>
#include <string>

namespace locus {

/// The file's bytes. Throws Error that names the file.
std::string read_file(const std::filesystem::path& file);

}  // namespace locus
