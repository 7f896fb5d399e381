#include "tools/cli/arguments/command_line.hpp"

#include <CLI/Config.hpp>

#include "tools/cli/arguments/argument_checks.hpp"
#include "tools/cli/arguments/arguments.hpp"
#include "tools/cli/arguments/help_format.hpp"

namespace locus::cli {

std::unique_ptr<CLI::App> make_app(const std::string& name, const std::string& summary,
                                   const std::string& footer) {
  auto app = std::make_unique<CLI::App>(summary, name);
  app->formatter(std::make_shared<HelpFormat>());
  app->set_version_flag("--version", name + " " LOCUS_VERSION, "print the version and exit");
  app->get_help_ptr()->description("print this help and exit");
  app->footer(footer);
  return app;
}

Action checked(Action action, const CLI::App& app, ArgumentRules rules) {
  return [action = std::move(action), &app, rules = std::move(rules)] {
    check_arguments(app, rules);
    action();
  };
}

CommandLine make_command_line() {
  CommandLine line{
      make_app("locus", "Transformer inference with pluggable positional encodings",
               "MODEL is a Hugging Face folder, a folder with locus.json, a locus.json file,\n"
               "or the name of a model in a folder of LOCUS_MODELS or beside the installation.\n"
               "'locus VERB --help' says more, with an example."),
      {}};
  auto& app = *line.app;
  app.require_subcommand(1);
  for (const auto& verb : verbs()) {
    auto* sub = app.add_subcommand(std::string(verb.name), std::string(verb.summary));
    sub->get_help_ptr()->description("print this help and exit");
    sub->group("Verbs");
    Arguments arguments(*sub);
    auto action = verb.add(arguments);
    line.actions[std::string(verb.name)] = checked(std::move(action), *sub, arguments.rules());
    line.choices[std::string(verb.name)] = arguments.choices();
    line.rules[std::string(verb.name)] = arguments.rules();
  }
  return line;
}

}  // namespace locus::cli
