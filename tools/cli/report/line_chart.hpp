// Lines, with bands around them where there are any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct Axes {
  std::string_view x;
  std::string_view y;
  bool logarithmic_x = false, logarithmic_y = false;
};

/// A place on the x axis that has a name.
struct Mark {
  int64_t x = 0;  ///< 0: none
  std::string_view name;
};

struct Series {
  std::string name;
  std::string colour;
  std::vector<int> dash;
  std::string family = {};  ///< series of a family may be hidden together
};

/// Whether so many bands can be seen at once. More hide each other: one is shown at a time then,
/// that of the series that the reader points at.
bool shows_bands(size_t series);

/// A specification in Vega's language. `rows` are {name, x, y, low, high}, in the order of x; a row
/// with `value` lies beyond the frame, at whose edge `y` is, and has that value. Its legend is the
/// page's, which finds the series in `usermeta`; rows of one name with another `run` are lines of
/// their own.
Json line_chart(const Axes& axes, const std::vector<Series>& series, Json rows,
                const Mark& mark = {});

}  // namespace locus::cli
