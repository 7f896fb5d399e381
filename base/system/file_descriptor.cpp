#include "base/system/file_descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace locus {

// Without O_NONBLOCK, opening a pipe would wait for who writes it.
FileDescriptor::FileDescriptor(const std::filesystem::path& file)
    : name_(file.string()), descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) throw Error(name_, "a readable file", std::strerror(errno));
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) return;
  ::close(descriptor_);
  throw Error(name_, "a regular file", "another kind");
}

FileDescriptor::~FileDescriptor() { ::close(descriptor_); }

struct stat FileDescriptor::status() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0) return status;
  throw Error(name_, "a readable file", std::strerror(errno));
}

size_t FileDescriptor::read(size_t offset, std::span<std::byte> to) const {
  constexpr size_t max = size_t{1} << 30;  // Linux reads 2 GB at a time at most
  size_t done = 0;
  while (done < to.size()) {
    const ssize_t count = ::pread(descriptor_, to.data() + done, std::min(max, to.size() - done),
                                  static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(name_, "a readable file", std::strerror(errno));
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  return done;
}

}  // namespace locus
