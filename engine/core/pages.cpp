// The POSIX way.
#include "engine/core/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <limits>
#include <new>

namespace locus::core {
namespace {

int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

int64_t whole_pages(int64_t bytes) { return round_up(bytes, ::sysconf(_SC_PAGESIZE)); }

}  // namespace

void* map_pages(int64_t bytes, int64_t alignment) {
  if (bytes > std::numeric_limits<int64_t>::max() / 2) throw std::bad_alloc();
  const int64_t kept = whole_pages(bytes);
  void* start =
      ::mmap(nullptr, kept + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc();
  const auto address = reinterpret_cast<int64_t>(start);
  const int64_t before = round_up(address, alignment) - address;
  std::byte* pages = static_cast<std::byte*>(start) + before;
  if (before > 0) ::munmap(start, before);
  if (before < alignment) ::munmap(pages + kept, alignment - before);
  return pages;
}

void unmap_pages(void* pages, int64_t bytes) { ::munmap(pages, whole_pages(bytes)); }

}  // namespace locus::core
