#include "tools/cli/install/description.hpp"

#include "engine/scheme.hpp"
#include "tools/cli/arguments/command_line.hpp"

namespace locus::cli {
namespace {

OptionDescription describe_option(const CLI::Option& option) {
  const bool positional = option.get_positional();
  const bool flag = option.get_type_size() == 0;
  auto meaning = option.get_description();
  if (!option.get_default_str().empty()) meaning += " (" + option.get_default_str() + ")";
  return {option.get_name(positional), flag || positional ? "" : option.get_type_name(), meaning};
}

// What follows the line `Example:` of the footer.
std::string example_of(const CLI::App& app) {
  const auto footer = app.get_footer();
  const auto line = footer.find("\n  ");
  return line == footer.npos ? "" : footer.substr(line + 3);
}

VerbDescription describe_verb(const CLI::App& app) {
  VerbDescription verb{app.get_name(), app.get_description(), {}, {}, example_of(app)};
  for (const auto* option : app.get_options()) {
    auto description = describe_option(*option);
    if (option->get_positional()) {
      verb.positionals.push_back(std::move(description));
    } else {
      description.name = "--" + option->get_lnames().front();
      verb.options.push_back(std::move(description));
    }
  }
  return verb;
}

}  // namespace

std::vector<VerbDescription> describe(const CommandLine& line) {
  std::vector<VerbDescription> verbs;
  for (const auto* verb : line.app->get_subcommands({})) {
    verbs.push_back(describe_verb(*verb));
    for (OptionDescription& option : verbs.back().options) {
      const auto& choices = line.choices.at(verb->get_name());
      if (choices.contains(option.name)) option.choices = choices.at(option.name);
      // An encoding by its name alone, to which parameters may be written.
      if (option.value == "SCHEME") option.choices = scheme_names();
    }
    for (OptionDescription& positional : verbs.back().positionals) {
      if (positional.name.starts_with("SCHEME")) positional.choices = scheme_names();
      if (positional.name == "SHELL") positional.choices = {"bash", "fish", "zsh"};
    }
  }
  return verbs;
}

}  // namespace locus::cli
