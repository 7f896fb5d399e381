// Files and folders that appear whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {

/// A file or folder that is written beside its destination and moves there when it is complete.
/// What was not committed is removed, by a signal too.
class Staging {
 public:
  /// Throws Error where nothing can be written beside the destination.
  explicit Staging(std::filesystem::path destination);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// Where to write.
  const std::filesystem::path& path() const { return path_; }
  /// Moves what was written to the destination, in the place of what is there. Throws Error where
  /// a file would replace a folder.
  void commit();

 private:
  std::filesystem::path destination_;
  std::filesystem::path folder_;
  std::filesystem::path path_;
  std::optional<Unfinished> unfinished_;
};

/// Throws Error where a folder stands, which no file may replace.
void expect_no_folder(const std::filesystem::path& destination);

/// Throws Error where no file of that name can be written; an empty name is none.
void expect_writable(const std::string& file);

/// Writes a text file by way of a staging.
void write_file(const std::filesystem::path& destination, std::string_view content);

}  // namespace locus::cli
