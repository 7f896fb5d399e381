// `locus fill-mask`, also for `locus run`.
#pragma once

#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/model_input.hpp"

namespace locus::cli {

struct FillMaskOptions {
  CommonOptions common;
  InputOptions input;
  int64_t top = 5;
};

void fill_mask(const FillMaskOptions& options, Pipeline& pipeline);

}  // namespace locus::cli
