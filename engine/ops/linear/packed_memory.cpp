#include "engine/ops/linear/packed_memory.hpp"

#include <new>

#include "base/large_pages.hpp"
#include "engine/core/pages.hpp"

namespace locus::ops {
namespace {

constexpr std::align_val_t line{64};

void* allocate(int64_t bytes) {
  if (bytes < core::large_page) return ::operator new(bytes, line);
  void* pages = core::map_pages(bytes, core::large_page);
  wish_for_large_pages(pages, static_cast<std::size_t>(bytes));
  return pages;
}

}  // namespace

void PackedMemory::Release::operator()(void* data) const {
  if (bytes < core::large_page) return ::operator delete(data, line);
  core::unmap_pages(data, bytes);
}

PackedMemory::PackedMemory(int64_t bytes) : data_(allocate(bytes), Release{bytes}) {}

}  // namespace locus::ops
