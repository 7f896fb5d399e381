#include "tools/cli/command_line.hpp"

#include <CLI/Config.hpp>

#include "tools/cli/support/arguments.hpp"
#include "tools/cli/support/help_format.hpp"

namespace locus::cli {

CommandLine make_command_line() {
  CommandLine line{std::make_unique<CLI::App>(
                       "Transformer inference with pluggable positional encodings", "locus"),
                   {}};
  auto& app = *line.app;
  app.formatter(std::make_shared<HelpFormat>());
  app.set_version_flag("--version", "locus " LOCUS_VERSION, "print the version and exit");
  app.get_help_ptr()->description("print this help and exit");
  app.require_subcommand(1);
  app.footer(
      "MODEL is a Hugging Face folder, a folder with locus.json, a locus.json file,\n"
      "or the name of a model in a folder of LOCUS_MODELS or beside the installation.\n"
      "'locus VERB --help' says more, with an example.");
  for (const auto& verb : verbs()) {
    auto* sub = app.add_subcommand(std::string(verb.name), std::string(verb.summary));
    sub->get_help_ptr()->description("print this help and exit");
    sub->group("Verbs");
    Arguments arguments(*sub);
    line.actions[std::string(verb.name)] = verb.add(arguments);
  }
  return line;
}

}  // namespace locus::cli
