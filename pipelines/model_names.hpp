// What models are called beside each other.
#pragma once

#include <string>
#include <vector>

namespace locus {

/// The last part of each model's path or name, with as many before it as tell it from the others.
/// A slash at the end is no part, and `.` is the folder's own name. The same model twice has the
/// same name twice.
std::vector<std::string> model_names(const std::vector<std::string>& paths);

}  // namespace locus
