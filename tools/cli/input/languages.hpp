// The two languages of a translator, on the command line.
#pragma once

#include "pipelines/languages.hpp"
#include "tools/cli/arguments/arguments.hpp"

namespace locus::cli {

/// Adds `--source-language` and `--target-language`.
void add_languages(Arguments& arguments, Languages& languages);

}  // namespace locus::cli
