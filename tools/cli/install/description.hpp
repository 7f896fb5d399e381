// The command as its manual and the completions of shells need it.
#pragma once

#include <string>
#include <vector>

namespace locus::cli {

struct CommandLine;

struct OptionDescription {
  std::string name;   ///< `--threads`; a positional's name
  std::string value;  ///< `N`; empty for flags
  std::string meaning;
  std::vector<std::string> choices = {};  ///< values that shells offer
};

struct VerbDescription {
  std::string name;
  std::string meaning;
  std::vector<OptionDescription> positionals;
  std::vector<OptionDescription> options;
  std::string example;
};

std::vector<VerbDescription> describe(const CommandLine& line);

std::string manual(const std::vector<VerbDescription>& verbs);
std::string bash_completion(const std::vector<VerbDescription>& verbs);
std::string zsh_completion(const std::vector<VerbDescription>& verbs);
std::string fish_completion(const std::vector<VerbDescription>& verbs);

}  // namespace locus::cli
