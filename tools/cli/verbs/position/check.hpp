// Which variant of a scheme a given table is.
#pragma once

#include <string>

#include "engine/tensor.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// A table held against every variant of a scheme.
struct PositionMatch {
  std::string variant;  ///< the nearest one, in its text form
  bool equal = false;
  double largest_difference = 0;
  Shape cell;  ///< of the first value that differs
  double expected = 0;
  double found = 0;
};

/// Compares with every member of the scheme's family that the user left open: layouts, exponents,
/// starts of a sinusoid, forms of a bias. A table [T, D] holds rows that are added to (or rotated
/// unit) vectors, one [H, 2 T - 1] a bias by distance, one [H, T, T] a bias by query and key.
/// Throws Error where no variant has the table's shape.
PositionMatch check_table(const Tensor& table, const std::string& encoding);

Json to_json(const PositionMatch& match);
std::string to_text(const PositionMatch& match);

}  // namespace locus::cli
