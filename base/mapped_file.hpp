// A file as memory, read by the system when it is touched.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace locus {

/// A regular file mapped for reading. A file that another process shortens while it is mapped ends
/// the program on access, as with any mapping: writers should replace files by rename.
class MappedFile {
 public:
  /// Throws Error that names the file.
  explicit MappedFile(const std::filesystem::path& file);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  /// Gives back the pages that lie wholly within `part`.
  void release(std::span<const std::byte> part) const;

 private:
  std::span<const std::byte> bytes_;
};

/// What often lies where a checkpoint should, for messages: an empty file, a pointer of Git LFS, a
/// page of HTML. Nothing for any other file.
std::optional<std::string> known_stand_in(std::span<const std::byte> bytes);

}  // namespace locus
