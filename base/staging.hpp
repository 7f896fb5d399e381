// Files and folders that appear whole or not at all.
#pragma once

#include <filesystem>

namespace locus {

/// A file or folder that is written in a hidden folder beside its destination and moves there when
/// it is complete. So no reader meets half of it, and a failure leaves what was there before.
class Staging {
 public:
  /// Throws Error where nothing can be written beside the destination.
  explicit Staging(const std::filesystem::path& destination);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// Where to write.
  const std::filesystem::path& path() const { return path_; }
  /// The hidden folder, which goes in the end.
  const std::filesystem::path& folder() const { return folder_; }
  /// Moves what was written to the destination, in the place of what is there. Throws Error where
  /// a file would replace a folder.
  void commit();

 private:
  std::filesystem::path destination_;
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

/// Throws Error where a folder stands, which no file may replace.
void expect_no_folder(const std::filesystem::path& destination);

}  // namespace locus
