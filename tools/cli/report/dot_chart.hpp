// Single values in rows, one above the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct Dot {
  std::string row;
  std::string name;
  double value = 0;
  std::string colour;
  bool ring = false;  ///< one that stands out
};

/// A specification in Vega's language: a row for each name of one, in the order of the dots.
Json dot_chart(const std::vector<Dot>& dots, std::string_view axis);

}  // namespace locus::cli
