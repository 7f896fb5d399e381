// Memory that runs out: every allocation by `new` passes here.
#pragma once

#include <cstdint>

namespace locus::fuzz {

/// What happens once the allocations that were allowed are used up.
enum class Shortage {
  once,    ///< the next one fails, and those after it succeed
  lasting  ///< all fail until memory is there again
};

/// While it lives, so many allocations of the program's own code succeed, on all threads together.
/// Those within shared libraries always do: libstdc++ 12 itself frees parts of a path twice where
/// one of them fails.
class LittleMemory {
 public:
  LittleMemory(int64_t allocations, Shortage shortage);
  ~LittleMemory();
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;

  /// Allocations since it began, those that failed too.
  int64_t used() const;

 private:
  int64_t allowed_;
};

}  // namespace locus::fuzz
