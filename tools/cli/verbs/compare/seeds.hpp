// Models trained again from other seeds: how much of a difference may be luck.
#pragma once

#include <vector>

#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// Gives each model its runs from other seeds, which the file of `--seeds` names MODEL-seedN.
/// Throws Error for a file that `--out` did not write, or that is of another text. Those of the
/// shipped models are left alone where the text is another one.
void add_seeds(std::vector<ComparedModel>& models, const CompareOptions& options,
               const CompareResult& setting);

/// Whether a model differs from its baseline by less than two runs of one model do.
bool may_be_luck(const ComparedModel& model, const ComparedGroup& group);

}  // namespace locus::cli
