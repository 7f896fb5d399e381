// Models trained again from other seeds, whose figures a file holds.
#pragma once

#include <vector>

#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// Gives each model the runs of its configuration that the file of `--seeds` holds, as its training
/// block and theirs say. Throws Error for a file that `--out` did not write, or that is of another
/// text. Those of the shipped models are left alone where the text is another one.
void add_seeds(std::vector<ComparedModel>& models, const CompareOptions& options,
               const CompareResult& setting);

}  // namespace locus::cli
