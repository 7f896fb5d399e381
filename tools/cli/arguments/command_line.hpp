// The command line as CLI11 knows it.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <string>

#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {

/// The arguments of all verbs, and the action of each.
struct CommandLine {
  std::unique_ptr<CLI::App> app;
  std::map<std::string, Action> actions;
  /// By verb and option, the values that shells offer.
  std::map<std::string, std::map<std::string, Choices>> choices = {};
  /// By verb, what its arguments are to be together.
  std::map<std::string, ArgumentRules> rules = {};
};
CommandLine make_command_line();

/// The action after a check of all arguments together.
Action checked(Action action, const CLI::App& app, ArgumentRules rules);

/// A program with `--help`, `--version` and no arguments yet.
std::unique_ptr<CLI::App> make_app(const std::string& name, const std::string& summary,
                                   const std::string& footer);

}  // namespace locus::cli
