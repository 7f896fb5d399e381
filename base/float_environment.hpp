// Arithmetic that does not depend on what a host has set.
#pragma once

#include <cstdint>

namespace locus {

/// While this lives, the calling thread rounds to nearest, keeps subnormal numbers and traps
/// nothing; afterwards everything is as the host had it, flags included.
class DefaultFloats {
 public:
  DefaultFloats();
  ~DefaultFloats();
  DefaultFloats(const DefaultFloats&) = delete;
  DefaultFloats& operator=(const DefaultFloats&) = delete;

 private:
  uint32_t host_;
};

}  // namespace locus
