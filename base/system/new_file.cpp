#include "base/new_file.hpp"

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/system/file_descriptor.hpp"

namespace locus {
namespace {

constexpr size_t part_size = size_t{1} << 20;

}  // namespace

// The system writes and removes a file twice as fast that came in large parts.
NewFile::NewFile(std::filesystem::path file)
    : file_(std::move(file)), staging_(file_), buffer_(part_size) {
  stream_.rdbuf()->pubsetbuf(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  stream_.open(staging_.path(), std::ios::binary);
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

void copy_as_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  const FileDescriptor file(from);
  NewFile copy(to);
  std::vector<std::byte> part(part_size);
  size_t size = 0;
  for (size_t offset = 0; (size = file.read(offset, part)) > 0; offset += size) {
    copy.write(std::span(part).first(size));
  }
  copy.commit();
}

void NewFile::fail() const {
  throw Error(file_.string(), "a file that can be written", std::strerror(errno));
}

}  // namespace locus
