#include "engine/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "engine/error.hpp"

namespace locus {

std::string read_file(const std::filesystem::path& file, uint64_t most_bytes) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::file_status status = fs::status(file, failure);
  if (fs::is_directory(status)) throw Error(file.string(), "a file", "a folder");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(file.string(), "a regular file", "a device or a pipe");
  }
  const uintmax_t bytes = fs::file_size(file, failure);
  if (!failure && bytes > most_bytes) {
    throw Error(file.string(), "at most " + std::to_string(most_bytes) + " bytes",
                std::to_string(bytes));
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(file.string(), "a readable file", std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw Error(file.string(), "a readable file", std::strerror(errno));
  return text;
}

}  // namespace locus
