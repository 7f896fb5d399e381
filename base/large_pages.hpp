// Memory that the system gives, and takes back, in large pages.
#pragma once

#include <cstddef>

namespace locus {

/// Asks for large pages for memory that nothing was written to yet: a gigabyte is then given back
/// in a millisecond, in place of a tenth of a second. Where that is not granted, all is as right.
void wish_for_large_pages(void* memory, std::size_t bytes);

}  // namespace locus
