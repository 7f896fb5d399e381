#include "engine/ops/packed_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace locus {
namespace {

constexpr int64_t cache_line = 64;
constexpr int64_t large_page = int64_t{1} << 21;

}  // namespace

void PackedMemory::Release::operator()(void* data) const { std::free(data); }

PackedMemory::PackedMemory(int64_t bytes) : bytes_(bytes) {
  void* data = nullptr;
  const int64_t alignment = bytes < large_page ? cache_line : large_page;
  if (posix_memalign(&data, alignment, std::max<int64_t>(1, bytes)) != 0) throw std::bad_alloc();
  data_.reset(data);
  // Whole pages alone, so that nothing beyond the weights becomes resident. A wish: where it is not
  // granted, all is as right and a little slower.
  const int64_t whole = bytes / large_page * large_page;
  if (whole > 0) madvise(data, whole, MADV_HUGEPAGE);
}

}  // namespace locus
