#include "base/new_file.hpp"

#include <cerrno>
#include <cstring>
#include <random>

#include "base/error.hpp"

namespace locus {

NewFile::NewFile(std::filesystem::path file) : file_(std::move(file)), partial_(file_) {
  // A random part, so that two programs may write the same file: the later one wins.
  partial_ += "." + std::to_string(std::random_device{}()) + ".partial";
  stream_.open(partial_, std::ios::binary | std::ios::trunc);
  if (!stream_) fail();
}

NewFile::~NewFile() {
  if (partial_.empty()) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void NewFile::write(std::span<const std::byte> bytes) {
  stream_.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
  if (!stream_) fail();
}

void NewFile::commit() {
  stream_.close();
  if (!stream_) fail();
  std::error_code error;
  std::filesystem::rename(partial_, file_, error);
  if (error) throw Error(file_.string(), "a file that can be written", error.message());
  partial_.clear();
}

void NewFile::fail() const {
  throw Error(file_.string(), "a file that can be written", std::strerror(errno));
}

}  // namespace locus
