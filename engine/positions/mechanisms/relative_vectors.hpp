// The mechanism of vectors by distance: s[i, j] += q_i . a(j - i) + scale k_j . b(j - i), and
// y_i += sum_j p[i, j] c(j - i).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/position.hpp"
#include "engine/positions/mechanisms/distance_columns.hpp"
#include "engine/positions/mechanisms/distance_diagonals.hpp"
#include "engine/positions/mechanisms/distance_rows.hpp"

namespace locus::positions {

/// What relative vectors are made of. Tables that are not set add nothing.
struct RelativeVectorsParts {
  std::string name;                                 ///< of the scheme, for errors
  DistanceColumns keys;                             ///< a: meets queries where keys stand
  DistanceDiagonals queries;                        ///< b: meets keys where queries stand
  std::shared_ptr<const Tensor> values;             ///< c: added to values. [R, d]
  DistanceRows rows = DistanceRows::clamped(0, 0);  ///< of all three tables
  Precision precision = Precision::f32;             ///< of products with values
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
  /// from the last query to the first key, which is the smallest.
  struct Window {
    Range rows;
    std::optional<int64_t> nearest;
  };

  Window window(const Block& block, int64_t rows) const;
  std::vector<DistanceRows::Run> runs(const Block& block, const Window& window) const;
  int64_t row_of(const Block& block, int64_t query, int64_t key) const {
    return parts_.rows.row(parts_.name, block.keys.at(key) - block.queries.at(query));
  }

  void score_queries(View s, ConstView q, int64_t head, const Block& block) const;
  void score_keys(View s, ConstView k, int64_t head, const Block& block) const;
  void add_by_key(View s, const ops::Operand& keys, const DistanceDiagonals::Terms& terms,
                  int64_t nearest, Scratch& scratch) const;
  void sum_by_row(View sums, ConstView p, const Window& window, const Block& block) const;

  RelativeVectorsParts parts_;
};

}  // namespace locus::positions
