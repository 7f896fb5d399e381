#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "engine/core/pages.hpp"
#include "engine/ops/linear/packed_memory.hpp"
#include "engine/tensor.hpp"

namespace locus::tests {
namespace {

int64_t resident_bytes() {
  std::ifstream status("/proc/self/statm");
  int64_t total = 0, resident = 0;
  status >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

TEST_CASE("large tensors go back to the system when freed, whatever small ones follow them") {
  const Shape eight_mebibytes{2, 1 << 20};
  Tensor(Shape{4, 1 << 20});  // once freed, the C library takes what is no larger from its heap
  std::vector<Tensor> large, small;
  for (int i = 0; i < 8; ++i) {
    std::ranges::fill(large.emplace_back(eight_mebibytes).values(), 1.0f);
    small.emplace_back(Shape{768});
  }
  const int64_t full = resident_bytes();
  large.clear();
  CHECK(full - resident_bytes() > 60 << 20);
}

TEST_CASE("tensors begin as zeroes at a cache line's boundary, small or large") {
  for (int64_t count : {1, 17, 262143, 262144, 1000003}) {
    CAPTURE(count);
    const Tensor tensor(Shape{count});
    CHECK(reinterpret_cast<uintptr_t>(tensor.data()) % 64 == 0);
    CHECK(std::ranges::all_of(tensor.values(), [](float value) { return value == 0; }));
  }
}

TEST_CASE("packed memory of any size can be written to its last byte") {
  for (int64_t bytes :
       {int64_t{0}, int64_t{1}, core::large_page - 1, core::large_page, core::large_page + 1}) {
    CAPTURE(bytes);
    const ops::PackedMemory memory(bytes);
    CHECK(memory.bytes() == bytes);
    CHECK(reinterpret_cast<uintptr_t>(memory.data()) % 64 == 0);
    auto* data = static_cast<unsigned char*>(memory.data());
    std::fill_n(data, bytes, static_cast<unsigned char>(7));
    CHECK(std::count(data, data + bytes, 7) == bytes);
  }
}

TEST_CASE("large packed weights begin at a large page's boundary") {
  const ops::PackedMemory memory(3 * core::large_page + 5);
  CHECK(reinterpret_cast<uintptr_t>(memory.data()) % core::large_page == 0);
}

}  // namespace
}  // namespace locus::tests
