// Where tests find their data.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace locus::tests {

/// A file or folder of the repository.
inline std::filesystem::path source_path(const std::string& relative) {
  return std::filesystem::path(LOCUS_SOURCE_FOLDER) / relative;
}

/// A file or folder of the shared data that the repository does not hold; nothing, and a printed
/// line, where it is absent: the test then returns.
inline std::optional<std::filesystem::path> shared_path(const std::string& relative) {
  const char* chosen = std::getenv("LOCUS_SHARED");
  const auto root = chosen ? std::filesystem::path(chosen) : source_path("../shared");
  if (auto path = root / relative; std::filesystem::exists(path)) return path;
  std::printf("SKIPPED: a test needs %s, which is not here (set LOCUS_SHARED)\n", relative.c_str());
  return std::nullopt;
}

}  // namespace locus::tests
