// T5's distance buckets.
#pragma once

#include <cstdint>

namespace locus::positions {

/// Where distances fall into a bounded number of buckets.
struct T5Buckets {
  bool bidirectional = true;
  int64_t count = 32;
  int64_t max_distance = 128;

  /// The bucket of a distance key - query. Raffel et al. 2020, section 2.1, and their code.
  int64_t of(int64_t distance) const;
};

}  // namespace locus::positions
