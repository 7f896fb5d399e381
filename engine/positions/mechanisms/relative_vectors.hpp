// The mechanism of vectors by distance: s[i, j] += q_i . a(j - i) + scale k_j . b(j - i), and
// y_i += sum_j p[i, j] c(j - i).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/position.hpp"

namespace locus::positions {

/// Rows of distances -left ... right (key - query). [left + right + 1, d]
using DistanceTable = std::shared_ptr<const Tensor>;

/// What relative vectors are made of. Tables that are not set add nothing.
struct RelativeVectorsParts {
  enum class Beyond { clamp, refuse };  // of distances that the tables do not hold

  std::string name;       ///< of the scheme, for errors
  DistanceTable keys;     ///< a: meets queries where keys stand
  DistanceTable queries;  ///< b: meets keys where queries stand
  DistanceTable values;   ///< c: added to values
  int64_t left = 0;
  int64_t right = 0;
  Beyond beyond = Beyond::clamp;
  int64_t max_length = PositionalEncoding::unlimited;
};

class RelativeVectors : public PositionalEncoding {
 public:
  explicit RelativeVectors(RelativeVectorsParts parts) : parts_(std::move(parts)) {}

  void score(View s, ConstView q, ConstView k, const Block& block) const override;
  void mix(View y, ConstView p, const Block& block) const override;
  int64_t max_length() const override { return parts_.max_length; }

 private:
  /// The rows of the tables that a tile needs, and, where positions are consecutive, the distance
  /// at its corner.
  struct Window {
    int64_t begin = 0;
    int64_t end = 0;
    std::optional<int64_t> corner;
  };
  /// Keys [begin, end) of a tile's row take columns column, column + step, ... of its window.
  struct Segment {
    int64_t begin = 0;
    int64_t end = 0;
    int64_t column = 0;
    int64_t step = 0;
  };

  int64_t row_of(double distance) const;
  Window window(const Block& block) const;
  template <typename Visit>
  void for_segments(const Block& block, const Window& window, int64_t query, Visit visit) const;

  void score_queries(View s, ConstView q, const Block& block) const;
  void score_keys(View s, ConstView k, const Block& block) const;

  RelativeVectorsParts parts_;
};

}  // namespace locus::positions
