// Files of a folder as they were at one moment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>

namespace locus {

/// Knows the size and time of change of a folder's files, so that what is read of them later is
/// known to be of the same folder.
class FileStamps {
 public:
  /// Notes every regular file that lies in the folder. A folder that cannot be listed has none.
  void take(const std::filesystem::path& folder);
  /// The same of the folders that lie in it.
  void take_below(const std::filesystem::path& folder);
  /// Throws Error where the file was noted and is another one now, or none.
  void expect_unchanged(const std::filesystem::path& file) const;
  /// The same for every noted file that `which` names.
  void expect_unchanged(const std::function<bool(const std::filesystem::path& file)>& which) const;

 private:
  struct Stamp {
    uintmax_t size = 0;
    std::filesystem::file_time_type time = {};
    bool operator==(const Stamp&) const = default;
  };

  static Stamp stamp_of(const std::filesystem::path& file);

  std::map<std::filesystem::path, Stamp> files_;  // by their paths in the shortest form
};

}  // namespace locus
