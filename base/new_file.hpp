// A file that appears when it is complete.
#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>
#include <vector>

#include "staging.hpp"

namespace locus {

/// A stream into a `Staging`; without `commit` nothing is left of it.
class NewFile {
 public:
  /// Throws Error that names the file, here and below.
  explicit NewFile(std::filesystem::path file);

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void commit();

 private:
  [[noreturn]] void fail() const;
  std::filesystem::path file_;
  Staging staging_;
  std::vector<char> buffer_;  // of the stream
  std::ofstream stream_;
};

/// Copies a regular file, with the permissions of a new one. Throws Error that names the file that
/// cannot be read or written.
void copy_as_new(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace locus
