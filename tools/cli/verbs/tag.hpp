// `locus tag`, also for `locus run`.
#pragma once

#include <string>

#include "tools/cli/arguments/common_options.hpp"

namespace locus::cli {

struct TagOptions {
  CommonOptions common;
  std::string text;
  std::string aggregation = "simple";
};

void tag(const TagOptions& options, Pipeline& pipeline);

}  // namespace locus::cli
