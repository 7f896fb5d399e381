// JSON in files that the user names.
#pragma once

#include <string>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// What `--out` wrote, of this command or of a stranger. Throws Error that names the file.
Json read_json(const std::string& file);

}  // namespace locus::cli
