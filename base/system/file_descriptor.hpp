// The POSIX way to a file that is read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace locus {

/// Opens a regular file. Throws Error that names it for everything else: folders, devices, pipes.
int open_regular(const std::filesystem::path& file);

/// Reads up to the end of `to`, or of the file. Returns how much was read; throws Error that names
/// the file where it cannot be read.
size_t read_some(int descriptor, const std::string& name, size_t offset, std::span<std::byte> to);

}  // namespace locus
