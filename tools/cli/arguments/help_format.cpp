#include "tools/cli/arguments/help_format.hpp"

#include <algorithm>

#include "tools/cli/terminal/paragraph.hpp"

namespace locus::cli {
namespace {

constexpr size_t first_column = 28;
constexpr size_t verb_column = 15;

// `TEXT`, `[TEXT]` or `[TEXT...]`
std::string positional_usage(const CLI::Option& option) {
  const auto name = option.get_name(true) + (option.get_expected_max() > 1 ? "..." : "");
  return option.get_required() ? name : "[" + name + "]";
}

// `--threads N (2)`
std::string heading(const CLI::Option& option, bool is_positional) {
  if (is_positional) return option.get_name(true);
  auto text = "--" + option.get_lnames().front();
  const bool optional_value = option.get_expected_min() == 0;
  const bool valued = option.get_type_size() != 0 && !option.get_type_name().empty();
  if (valued)
    text += optional_value ? "[=" + option.get_type_name() + "]" : " " + option.get_type_name();
  if (!option.get_default_str().empty()) text += " (" + option.get_default_str() + ")";
  return text;
}

}  // namespace

HelpFormat::HelpFormat() {
  column_width(first_column);
  label("Positionals", "Arguments");
}

std::string HelpFormat::make_usage(const CLI::App* app, std::string name) const {
  const bool top = !app->get_subcommands({}).empty();
  std::string usage = "Usage: " + name + (top ? " VERB MODEL [ARGUMENTS]" : "");
  for (const auto* option : app->get_options()) {
    if (option->get_positional()) usage += " " + positional_usage(*option);
  }
  return usage + " [OPTIONS]\n";
}

std::string HelpFormat::make_option(const CLI::Option* option, bool is_positional) const {
  const std::string indent(first_column, ' ');
  auto left = "  " + heading(*option, is_positional);
  const auto meaning = paragraph(option->get_description(), indent);
  if (left.size() + 2 > first_column) return left + "\n" + meaning;
  left.resize(first_column, ' ');
  return left + meaning.substr(first_column);
}

std::string HelpFormat::make_subcommand(const CLI::App* verb) const {
  std::string left = "  " + verb->get_name();
  left.resize(std::max(left.size() + 2, verb_column), ' ');
  return left + verb->get_description() + "\n";
}

std::string HelpFormat::make_description(const CLI::App* app) const {
  auto text = app->get_description();
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + ".\n\n";
}

}  // namespace locus::cli
