#include "base/read_file.hpp"

#include "base/error.hpp"
#include "base/mapped_file.hpp"

namespace locus {

std::string read_file(const std::filesystem::path& file, uint64_t max_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw Error(file.string(), "a file", "a folder");
  }
  const MappedFile mapped(file);
  const auto bytes = mapped.bytes();
  if (bytes.size() > max_bytes) {
    throw Error(file.string(), "at most " + std::to_string(max_bytes) + " bytes",
                std::to_string(bytes.size()));
  }
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace locus
