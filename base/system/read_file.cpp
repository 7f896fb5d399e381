#include "base/read_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/system/file_descriptor.hpp"

namespace locus {

std::string read_file(const std::filesystem::path& path, uint64_t max_bytes) {
  Watch unwatched;
  return read_file(path, unwatched, max_bytes);
}

std::string read_file(const std::filesystem::path& path, Watch& watch, uint64_t max_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Error(path.string(), "a file", "a folder");
  const FileDescriptor file(path);
  const auto size = static_cast<uint64_t>(file.status().st_size);
  if (size > max_bytes) {
    throw Error(path.string(), "at most " + std::to_string(max_bytes) + " bytes",
                std::to_string(size));
  }
  std::string text;
  text.reserve(size);
  while (text.size() < size) {
    constexpr uint64_t max_piece = uint64_t{1} << 20;
    const uint64_t begin = text.size(), piece = std::min(size - begin, max_piece);
    text.resize(begin + piece);
    const uint64_t count = file.read(begin, std::as_writable_bytes(std::span(text)).subspan(begin));
    text.resize(begin + count);
    if (count < piece) break;  // the file became shorter meanwhile
    watch.spend(piece);
  }
  return text;
}

}  // namespace locus
