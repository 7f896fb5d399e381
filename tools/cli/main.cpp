#include "tools/cli/arguments/command.hpp"

int main(int count, char** arguments) { return locus::cli::run_command(count, arguments); }
