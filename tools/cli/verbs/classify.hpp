// `locus classify`, also for `locus run`.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/model_input.hpp"

namespace locus::cli {

struct ClassifyOptions {
  CommonOptions common;
  InputOptions input;
  std::vector<std::string> choices;  ///< of a multiple-choice model
};

void classify(const ClassifyOptions& options, Pipeline& pipeline);

}  // namespace locus::cli
