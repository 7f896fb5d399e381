// The command as its manual and the completions of shells need it.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace locus::cli {

struct OptionDescription {
  std::string name;   ///< `--threads`; a positional's name
  std::string value;  ///< `N`; empty for flags
  std::string meaning;
};

struct VerbDescription {
  std::string name;
  std::string meaning;
  std::vector<OptionDescription> positionals;
  std::vector<OptionDescription> options;
  std::string example;
};

std::vector<VerbDescription> describe(const CLI::App& app);

std::string manual(const std::vector<VerbDescription>& verbs);
std::string bash_completion(const std::vector<VerbDescription>& verbs);
std::string zsh_completion(const std::vector<VerbDescription>& verbs);
std::string fish_completion(const std::vector<VerbDescription>& verbs);

}  // namespace locus::cli
