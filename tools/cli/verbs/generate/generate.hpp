// `locus generate`, also for `locus run`.
#pragma once

#include <string>
#include <vector>

#include "pipelines/generate_options.hpp"
#include "tools/cli/arguments/common_options.hpp"

namespace locus::cli {

struct GenerateArguments {
  CommonOptions common;
  std::vector<std::string> prompts;
  std::string ids;
  std::string early_stopping;
  bool no_special = false;
  bool stream = false;  ///< JSON lines as texts grow, instead of one document
  GenerateOptions options;
};

void generate(GenerateArguments arguments, Pipeline& pipeline);

}  // namespace locus::cli
