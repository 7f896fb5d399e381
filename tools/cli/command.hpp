// The command as a whole: from arguments to an exit status.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <string>

#include "tools/cli/verbs.hpp"

namespace locus::cli {

/// The command line as CLI11 knows it, and the action of each verb.
struct CommandLine {
  std::unique_ptr<CLI::App> app;
  std::map<std::string, Action> actions;
};
CommandLine make_command_line();

/// Runs the command: 0 done, 1 failed, 2 wrong usage, 130 cancelled by Ctrl-C.
int run_command(int count, char** arguments);

}  // namespace locus::cli
