// Names that a stranger's file gives to files beside it.
#pragma once

#include <filesystem>
#include <string_view>

namespace locus {

/// Throws Error unless `name` names something within a folder: no path, neither `.` nor
/// `..`, and at most 255 bytes.
void expect_file_name(std::string_view who, std::string_view name);

/// The folder at `path` below `folder`; `folder` itself for an empty path. Throws Error for a path
/// that leads out of it, or of more than 1,024 bytes.
std::filesystem::path inner_folder(std::string_view who, const std::filesystem::path& folder,
                                   std::string_view path);

}  // namespace locus
