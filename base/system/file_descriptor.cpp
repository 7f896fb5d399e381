#include "base/system/file_descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace locus {

int open_regular(const std::filesystem::path& file) {
  // Without O_NONBLOCK, opening a pipe would wait for who writes it.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw Error(file.string(), "a readable file", std::strerror(errno));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  ::close(descriptor);
  throw Error(file.string(), "a regular file", "another kind");
}

size_t read_some(int descriptor, const std::string& name, size_t offset, std::span<std::byte> to) {
  constexpr size_t max = size_t{1} << 30;  // Linux reads 2 GB at a time at most
  size_t done = 0;
  while (done < to.size()) {
    const ssize_t count = ::pread(descriptor, to.data() + done, std::min(max, to.size() - done),
                                  static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(name, "a readable file", std::strerror(errno));
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  return done;
}

}  // namespace locus
