// Words that move, in two dimensions.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

struct Arrow {
  std::string word;
  double from_x = 0, from_y = 0;
  double to_x = 0, to_y = 0;
};

/// A specification in Vega's language: a line from where a word was to where it is, with the word.
Json arrow_chart(const std::vector<Arrow>& arrows);
Json arrow_table(const std::vector<Arrow>& arrows);

}  // namespace locus::cli
