#include "tests/fuzz/little_memory.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>

// Where the program's own code lies, by the linker.
extern "C" const char __executable_start, etext;

namespace {

constexpr int64_t plenty = std::numeric_limits<int64_t>::max();

// How many allocations more succeed; below 0 so many were asked for beyond.
std::atomic<int64_t> left{plenty};
std::atomic<bool> lasting{false};

bool is_own(const void* caller) {
  const auto* place = static_cast<const char*>(caller);
  return place >= &__executable_start && place < &etext;
}

bool has_memory(const void* caller) {
  if (left.load(std::memory_order_relaxed) == plenty || !is_own(caller)) return true;
  const int64_t now = --left;
  return now >= 0 || (now < -1 && !lasting);
}

void* allocate(std::size_t bytes, std::size_t alignment, const void* caller) {
  void* memory = nullptr;
  if (has_memory(caller)) {
    const std::size_t whole = (bytes + alignment) / alignment * alignment;
    memory = alignment > alignof(std::max_align_t) ? std::aligned_alloc(alignment, whole)
                                                   : std::malloc(bytes + (bytes == 0));
  }
  return memory ? memory : throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, 1, __builtin_return_address(0)); }
void* operator new[](std::size_t bytes) { return allocate(bytes, 1, __builtin_return_address(0)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment), __builtin_return_address(0));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment), __builtin_return_address(0));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return std::malloc(bytes + (bytes == 0));  // who asks so does without it
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return std::malloc(bytes + (bytes == 0));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace locus::fuzz {

LittleMemory::LittleMemory(int64_t allocations, Shortage shortage) : allowed_(allocations) {
  lasting = shortage == Shortage::lasting;
  left = allocations;
}

LittleMemory::~LittleMemory() { left = plenty; }

int64_t LittleMemory::used() const { return allowed_ - left; }

}  // namespace locus::fuzz
