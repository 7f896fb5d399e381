// Memory straight from the system.
#pragma once

#include <cstdint>

namespace locus::core {

constexpr int64_t large_page = int64_t{1} << 21;  // bytes, of x86-64

/// Zeroes that start at a boundary of `alignment` bytes: a page's size or a multiple of it. Throws
/// std::bad_alloc.
///
/// For what is large: freed, it goes back to the system, whereas the heap keeps the room of every
/// aligned block that a small one follows, and loading a model would take twice its size.
void* map_pages(int64_t bytes, int64_t alignment);
/// Gives `bytes` bytes back that `map_pages` returned.
void unmap_pages(void* pages, int64_t bytes);

}  // namespace locus::core
