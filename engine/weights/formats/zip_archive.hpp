// Archives whose entries are stored as they are.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "base/file_bytes.hpp"

namespace locus::weights {

/// The entries of a zip file by name, where they lie (PKWARE's APPNOTE 6.3, 4.3; with zip64). The
/// central directory is believed where the local headers say the same. Throws Error for compressed
/// and encrypted entries, for sizes and places outside the file, for overlaps and names twice.
/// Checksums are not compared: PyTorch may leave them out.
std::map<std::string, std::span<const std::byte>> read_zip_archive(const std::string& who,
                                                                   const FileBytes& file);

}  // namespace locus::weights
