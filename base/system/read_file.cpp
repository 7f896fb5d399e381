#include "base/read_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/system/file_descriptor.hpp"

namespace locus {
namespace {

struct OpenFile {
  explicit OpenFile(const std::filesystem::path& file) : descriptor(open_regular(file)) {}
  ~OpenFile() { ::close(descriptor); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  const int descriptor;
};

uint64_t size_of_file(const OpenFile& file, const std::string& name) {
  struct stat status {};
  if (::fstat(file.descriptor, &status) == 0) return static_cast<uint64_t>(status.st_size);
  throw Error(name, "a readable file", std::strerror(errno));
}

}  // namespace

std::string read_file(const std::filesystem::path& path, uint64_t max_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Error(path.string(), "a file", "a folder");
  const OpenFile file(path);
  const uint64_t size = size_of_file(file, path.string());
  if (size > max_bytes) {
    throw Error(path.string(), "at most " + std::to_string(max_bytes) + " bytes",
                std::to_string(size));
  }
  std::string text(size, '\0');
  const size_t count =
      read_some(file.descriptor, path.string(), 0, std::as_writable_bytes(std::span(text)));
  text.resize(count);  // of a file that became shorter meanwhile
  return text;
}

}  // namespace locus
