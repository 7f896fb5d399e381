// `locus embed`, also for `locus run`.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"

namespace locus::cli {

struct EmbedArguments {
  CommonOptions common;
  std::vector<std::string> texts;
  std::string ids;
  std::string pooling;  ///< empty: the folder's
  bool normalize = false;
  std::optional<std::string> prompt;  ///< a name of the folder's, or a text
  std::optional<int64_t> dimension;
  std::string out;
};

void embed(const EmbedArguments& options, Pipeline& pipeline);

}  // namespace locus::cli
