// Whole and consecutive positions, which take the fast paths of the hooks.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "engine/attributes.hpp"
#include "engine/position.hpp"

namespace locus::positions {

/// Whole numbers up to here are told apart.
inline constexpr double farthest = 0x1p53;

/// Positions that tables hold. Beyond it rows are computed when they are asked for: a context of a
/// million positions costs no memory until somebody comes that far.
inline int64_t tabulated(int64_t capacity) {
  constexpr int64_t max = 16384;
  return std::clamp<int64_t>(capacity, 0, max);
}

/// 1 GiB: a text of a few letters can ask for any number of rows.
inline constexpr int64_t max_table_values = int64_t{1} << 28;
/// Throws Error for a table of more values.
void check_table(const Shape& shape);
/// A table of zeros that a scheme fills, checked.
Tensor new_table(const Shape& shape);

/// The first of positions that are whole and consecutive, whichever way they are given.
inline std::optional<int64_t> run_start(const Positions& positions) {
  if (positions.values.empty()) return positions.first;
  if (positions.axes != 1 || positions.count == 0) return std::nullopt;
  const double first = positions.at(0);
  if (first != std::floor(first) || std::abs(first) > farthest) return std::nullopt;
  for (int64_t row = 1; row < positions.count; ++row) {
    if (positions.at(row) != first + static_cast<double>(row)) return std::nullopt;
  }
  return static_cast<int64_t>(first);
}

/// A position or distance as an index. A scheme with a table has nothing between two rows: throws
/// Error for a fraction.
inline int64_t whole(const std::string& who, double value) {
  if (value != std::floor(value) || std::abs(value) > farthest) {
    throw Error(who, "whole positions", to_string(Attribute(value)));
  }
  return static_cast<int64_t>(value);
}

/// The distance from a query to a key, positive towards later keys.
inline double distance(const Block& block, int64_t query, int64_t key) {
  return block.keys.at(key) - block.queries.at(query);
}

}  // namespace locus::positions
