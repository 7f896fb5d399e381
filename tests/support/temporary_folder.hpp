// A folder that goes with its test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace locus::tests {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  /// Writes a file, and the folders above it; returns its path.
  std::filesystem::path write(std::string_view name, std::string_view bytes) const;
  /// Names of everything in it, sorted.
  std::vector<std::string> names() const;

  /// The message of the Error that `action` throws, without this folder's path; "no error" if none.
  template <typename Action>
  std::string message(Action action) const {
    try {
      action();
      return "no error";
    } catch (const Error& error) {
      return without_path(error.what());
    }
  }

 private:
  std::string without_path(std::string text) const;

  std::filesystem::path path_;
};

/// All bytes of a file; empty where there is none.
std::string read_text(const std::filesystem::path& file);

}  // namespace locus::tests
