// SHA-256 of files and texts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace locus {

/// 64 hexadecimal digits.
std::string sha256(std::string_view content);
/// Throws Error where the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace locus
