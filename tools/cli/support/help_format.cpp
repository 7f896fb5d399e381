#include "tools/cli/support/help_format.hpp"

namespace locus::cli {
namespace {

// `TEXT`, `[TEXT]` or `[TEXT...]`
std::string positional_usage(const CLI::Option& option) {
  const auto name = option.get_name(true) + (option.get_expected_max() > 1 ? "..." : "");
  return option.get_required() ? name : "[" + name + "]";
}

}  // namespace

HelpFormat::HelpFormat() {
  column_width(30);
  label("Positionals", "Arguments");
  label("Subcommands", "Verbs");
}

std::string HelpFormat::make_usage(const CLI::App* app, std::string name) const {
  const bool top = !app->get_subcommands({}).empty();
  std::string usage = "Usage: " + name + (top ? " VERB" : "");
  for (const auto* option : app->get_options()) {
    if (option->get_positional()) usage += " " + positional_usage(*option);
  }
  return usage + " [OPTIONS]\n";
}

std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
  std::string text;
  if (option->get_type_size() != 0 && !option->get_positional())
    text += " " + option->get_type_name();
  if (!option->get_default_str().empty()) text += " (" + option->get_default_str() + ")";
  return text;
}

}  // namespace locus::cli
