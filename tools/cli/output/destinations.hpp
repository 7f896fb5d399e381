// Where a command writes: never over what it reads, nor twice to one place.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace locus::cli {

/// What a command does with a path that it was given.
enum class PathUse { reads, reads_model, writes };

/// A path as the command line has it.
struct GivenPath {
  std::string option;  ///< what it was given to: `--out`, `MODEL`
  std::string path;    ///< of a model also its name; `-` is stdin
  PathUse use = PathUse::reads;
};

/// Throws UsageError where a path that is written is one that is read, a file of a model or folder
/// that is read, or another that is written, by whatever name or link. Devices and pipes may be
/// both.
void check_destinations(const std::vector<GivenPath>& paths);

}  // namespace locus::cli
