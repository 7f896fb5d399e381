#include "engine/ops/linear/packed_memory.hpp"

#include <new>

#include "engine/core/pages.hpp"

namespace locus {
namespace {

constexpr std::align_val_t line{64};

void* allocate(int64_t bytes) {
  if (bytes < large_page) return ::operator new(bytes, line);
  void* pages = map_pages(bytes, large_page);
  wish_for_large_pages(pages, bytes);
  return pages;
}

}  // namespace

void PackedMemory::Release::operator()(void* data) const {
  if (bytes < large_page) return ::operator delete(data, line);
  unmap_pages(data, bytes);
}

PackedMemory::PackedMemory(int64_t bytes) : data_(allocate(bytes), Release{bytes}) {}

}  // namespace locus
