// The POSIX way.
#include "base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/error.hpp"

namespace locus {
namespace {

/// An open file, closed at the end: a mapping does not need it.
class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file)
      : number_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (number_ < 0) throw Error(file.string(), "a readable file", std::strerror(errno));
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

size_t regular_size(const std::filesystem::path& file, const Descriptor& descriptor) {
  struct stat status {};
  if (::fstat(descriptor.number(), &status) != 0) {
    throw Error(file.string(), "a readable file", std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) throw Error(file.string(), "a regular file", "another kind");
  return static_cast<size_t>(status.st_size);
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file) {
  const Descriptor descriptor(file);
  const size_t size = regular_size(file, descriptor);
  if (size == 0) return;  // nothing can be mapped of an empty file
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.number(), 0);
  if (start == MAP_FAILED) throw Error(file.string(), "a file to map", std::strerror(errno));
  bytes_ = {static_cast<const std::byte*>(start), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::release(std::span<const std::byte> part) const {
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(part.data());
  const uintptr_t first = (begin + page - 1) / page * page;
  const uintptr_t last = (begin + part.size()) / page * page;
  if (first >= last) return;
  // Advice only: a system that refuses it keeps the pages, and nothing else changes.
  auto* const pages = const_cast<std::byte*>(part.data()) + (first - begin);
  ::madvise(pages, last - first, MADV_DONTNEED);
}

std::optional<std::string> known_stand_in(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min<size_t>(bytes.size(), 64));
  const auto begins = [&](std::string_view start) { return text.starts_with(start); };
  if (text.empty()) return "an empty one";
  if (begins("version https://git-lfs")) {
    return "a pointer of Git LFS: the file itself was not fetched";
  }
  if (begins("<!DOCTYPE") || begins("<!doctype") || begins("<html")) return "a page of HTML";
  return std::nullopt;
}

}  // namespace locus
