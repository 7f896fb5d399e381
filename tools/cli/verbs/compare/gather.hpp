// Which models are compared, and what was measured of them.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// The models of the command line, with folders of models replaced by what is in them; all shipped
/// ones where none is named. Throws Error for a name that is nothing, and a folder without models.
std::vector<std::string> models_of(const CompareOptions& options);

/// Measures every model, or takes what `--results` holds of it. One that fails is a failure of the
/// result and not the end. Throws Error where all fail.
std::vector<ComparedModel> measure_all(const CompareOptions& options, CompareResult& result);

}  // namespace locus::cli
