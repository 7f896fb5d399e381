#include "tools/cli/input/nameless_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace locus::cli {

NamelessFile::NamelessFile() : folder_(std::filesystem::temp_directory_path()) {
  std::string name = (folder_ / "locus.XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail();
  ::unlink(name.c_str());
}

NamelessFile::~NamelessFile() { ::close(descriptor_); }

void NamelessFile::add(std::string_view part) {
  constexpr size_t max_bytes = size_t{4} << 30;
  size_ += part.size();
  if (size_ > max_bytes) {
    throw Error(folder_.string(),
                "at most " + std::to_string(max_bytes) + " bytes in a temporary file",
                "more (store the input in a file)");
  }
  while (!part.empty()) {
    const auto written = ::write(descriptor_, part.data(), part.size());
    if (written < 0) fail();
    part.remove_prefix(static_cast<size_t>(written));
  }
}

std::string NamelessFile::read(size_t at, size_t bytes) const {
  std::string part(bytes, '\0');
  size_t size = 0;
  while (size < bytes) {
    const auto place = static_cast<off_t>(at + size);
    const auto count = ::pread(descriptor_, part.data() + size, bytes - size, place);
    if (count < 0) fail();
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  part.resize(size);
  return part;
}

void NamelessFile::fail() const {
  throw Error(folder_.string(), "room for a temporary file", std::strerror(errno));
}

}  // namespace locus::cli
