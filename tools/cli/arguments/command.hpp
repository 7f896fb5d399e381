// The command as a whole: from arguments to an exit status.
#pragma once

#include <string>

#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {

/// Runs the command: 0 done, 1 failed, 2 wrong usage, 130 cancelled by Ctrl-C.
int run_command(int count, char** arguments);

/// A program that does one thing and has no verbs.
struct Program {
  std::string name;
  std::string summary;
  std::string footer;
  Action (*add)(Arguments& arguments);
};
int run_program(const Program& program, int count, char** arguments);

}  // namespace locus::cli
