// Under which conditions the figures of a group were had, in sentences.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/report/words.hpp"

namespace locus::cli {

/// A sentence for all models that share context, stride, convention, scored tokens and units; one
/// where all of the group do.
std::vector<std::string> conditions_of(const ComparedGroup& group, const ReportWords& words);

}  // namespace locus::cli
