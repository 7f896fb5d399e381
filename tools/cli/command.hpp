// The command as a whole: from arguments to an exit status.
#pragma once

namespace locus::cli {

/// Runs the command: 0 done, 1 failed, 2 wrong usage, 130 cancelled by Ctrl-C.
int run_command(int count, char** arguments);

}  // namespace locus::cli
