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
  bool logarithmic = false;  ///< both
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
};

/// Whether so many bands can be seen at once. More hide each other: one is shown at a time then,
/// that of the series that the reader points at.
bool shows_bands(size_t series);

/// A specification in Vega's language. `rows` are {name, x, y, low, high}, in the order of x. Its
/// legend is the page's, which finds the series in `usermeta`.
Json line_chart(const Axes& axes, const std::vector<Series>& series, Json rows,
                const Mark& mark = {});

}  // namespace locus::cli
