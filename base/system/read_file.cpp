#include "base/read_file.hpp"

#include "base/error.hpp"
#include "base/system/file_descriptor.hpp"

namespace locus {

std::string read_file(const std::filesystem::path& path, uint64_t max_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Error(path.string(), "a file", "a folder");
  const FileDescriptor file(path);
  const auto size = static_cast<uint64_t>(file.status().st_size);
  if (size > max_bytes) {
    throw Error(path.string(), "at most " + std::to_string(max_bytes) + " bytes",
                std::to_string(size));
  }
  std::string text(size, '\0');
  // A file that became shorter meanwhile gives less.
  text.resize(file.read(0, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace locus
