// A temporary file that nobody else sees and that no end of the process leaves behind.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace locus::cli {

class NamelessFile {
 public:
  /// Throws Error that names the folder for temporary files, here and in what follows.
  NamelessFile();
  ~NamelessFile();
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;

  /// Throws Error beyond 4 GiB in all: what comes from a pipe may have no end.
  void add(std::string_view part);
  /// So many bytes from `at` on, fewer at its end alone.
  std::string read(size_t at, size_t bytes) const;

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path folder_;
  int descriptor_ = -1;
  size_t size_ = 0;
};

}  // namespace locus::cli
