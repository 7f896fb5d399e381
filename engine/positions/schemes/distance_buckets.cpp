#include "engine/positions/schemes/distance_buckets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace locus::positions {

// In f32, as the reference: a logarithm that comes out whole must be rounded as it rounds it.
int64_t log_bucket(int64_t distance, int64_t buckets, int64_t max_distance) {
  const int64_t middle = buckets / 2;
  const int64_t far = std::abs(distance);
  if (far <= middle) return distance;
  const auto half = static_cast<float>(middle);
  const float steps = std::log(static_cast<float>(far) / half) /
                      std::log(static_cast<float>(max_distance - 1) / half) * (half - 1);
  const auto bucket = static_cast<int64_t>(std::ceil(steps)) + middle;
  return distance > 0 ? bucket : -bucket;
}

int64_t DistanceBuckets::row(int64_t distance) const {
  const int64_t bucket =
      sizes_.buckets > 0 ? log_bucket(distance, sizes_.buckets, sizes_.max_distance) : distance;
  return std::clamp<int64_t>(bucket + sizes_.span, 0, 2 * sizes_.span - 1);
}

}  // namespace locus::positions
