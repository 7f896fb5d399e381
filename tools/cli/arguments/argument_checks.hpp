// What is checked of arguments together, once each is right by itself.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "tools/cli/arguments/arguments.hpp"

namespace locus::cli {

/// Throws UsageError for arguments that do not go together, and for an output that would replace
/// what is read or another output; Error for an output that cannot be written. Warns of options
/// that have no effect.
void check_arguments(const CLI::App& app, const ArgumentRules& rules);

}  // namespace locus::cli
