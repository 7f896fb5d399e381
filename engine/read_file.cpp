#include "engine/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "engine/error.hpp"

namespace locus {

std::string read_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored))
    throw Error(file.string(), "a file", "a folder");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(file.string(), "a readable file", std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw Error(file.string(), "a readable file", std::strerror(errno));
  return text;
}

}  // namespace locus
