// DeBERTa's rows of distances, near ones each its own, far ones by logarithm.
#pragma once

#include <cstdint>

namespace locus::positions {

/// Which of the rows 0 ... 2 span - 1 a distance takes: that of span + bucket(query - key).
class DistanceBuckets {
 public:
  struct Sizes {
    int64_t span = 1;          ///< half of the rows
    int64_t buckets = 0;       ///< 0: every distance is its own bucket
    int64_t max_distance = 0;  ///< where the logarithm ends
  };
  explicit DistanceBuckets(const Sizes& sizes) : sizes_(sizes) {}

  /// `distance` is query - key.
  int64_t row(int64_t distance) const;

 private:
  Sizes sizes_;
};

/// The bucket of a distance: itself up to half of `buckets`, then by a logarithm that is rounded
/// up, unlike T5's.
int64_t log_bucket(int64_t distance, int64_t buckets, int64_t max_distance);

}  // namespace locus::positions
