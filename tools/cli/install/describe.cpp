// Prints the manual or the completion of a shell, for the installation.
#include <cstdio>
#include <map>
#include <string>

#include "tools/cli/arguments/command_line.hpp"
#include "tools/cli/install/description.hpp"

int main(int count, char** arguments) {
  using namespace locus::cli;
  using Writer = std::string (*)(const std::vector<VerbDescription>&);
  const std::map<std::string, Writer> writers{{"man", manual},
                                              {"bash", bash_completion},
                                              {"zsh", zsh_completion},
                                              {"fish", fish_completion}};
  const auto writer = count == 2 ? writers.find(arguments[1]) : writers.end();
  if (writer == writers.end()) {
    std::fputs("usage: locus_describe man|bash|zsh|fish\n", stderr);
    return 2;
  }
  const auto line = make_command_line();
  std::fputs(writer->second(describe(line)).c_str(), stdout);
  return 0;
}
