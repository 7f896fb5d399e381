// Where this code lies on the disk.
#pragma once

#include <filesystem>
#include <vector>

namespace locus {

/// The folder of the running program, and that of the library which holds this code, if another
/// one.
std::vector<std::filesystem::path> own_folders();

}  // namespace locus
