#include "base/new_file.hpp"

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace locus {

NewFile::NewFile(std::filesystem::path file)
    : file_(std::move(file)), staging_(file_), stream_(staging_.path(), std::ios::binary) {
  if (!stream_) fail();
}

void NewFile::write(std::span<const std::byte> bytes) {
  stream_.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
  if (!stream_) fail();
}

void NewFile::commit() {
  stream_.close();
  if (!stream_) fail();
  staging_.commit();
}

void NewFile::fail() const {
  throw Error(file_.string(), "a file that can be written", std::strerror(errno));
}

}  // namespace locus
