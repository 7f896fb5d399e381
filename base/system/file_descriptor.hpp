// The POSIX way to a file that is read.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace locus {

/// A regular file, held open.
class FileDescriptor {
 public:
  /// Throws Error that names what is no regular file: folders, devices, pipes.
  explicit FileDescriptor(const std::filesystem::path& file);
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  const std::string& name() const { return name_; }
  struct stat status() const;
  /// Reads up to the end of `to`, or of the file. Returns how much was read; throws Error that
  /// names the file where it cannot be read.
  size_t read(size_t offset, std::span<std::byte> to) const;

 private:
  std::string name_;
  int descriptor_;
};

}  // namespace locus
