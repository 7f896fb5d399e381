#include "tools/cli/arguments/arguments.hpp"

#include <CLI/App.hpp>

#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string list_of(const Choices& choices) {
  std::string text;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text += choices[i];
  }
  return text;
}

std::string range_text(const Range& range) {
  const auto min = significant(range.min, 9);
  if (range.max == std::numeric_limits<double>::infinity()) return "at least " + min;
  return "from " + min + " to " + significant(range.max, 9);
}

// CLI11 prints what a check returns; an empty text is agreement.
std::string check_range(const Range& range, const std::string& text) {
  double value = 0;
  const bool number = CLI::detail::lexical_cast(text, value);
  if (number && value >= range.min && value <= range.max) return "";
  return "expected a number " + range_text(range) + ", found '" + text + "'";
}

std::string check_choices(const Choices& choices, const std::string& text) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return "";
  return "expected " + list_of(choices) + ", found '" + text + "'";
}

void restrict(CLI::Option& option, const Help& help) {
  const auto add = [&](auto check) { option.check(check, "", ""); };
  std::visit(
      Overloaded{[](std::monostate) {},
                 [&](const Range& range) {
                   add([range](const std::string& text) { return check_range(range, text); });
                 },
                 [&](const Choices& choices) {
                   add([choices](const std::string& text) { return check_choices(choices, text); });
                 }},
      help.accepts);
}

template <typename T>
CLI::Option* add(CLI::App& app, const std::string& name, T& value, const std::string& meaning) {
  return app.add_option(name, value, meaning);
}

CLI::Option* add(CLI::App& app, const std::string& name, Target target,
                 const std::string& meaning) {
  return std::visit([&](auto* value) { return add(app, name, *value, meaning); }, target);
}

// Empty texts and lists are no defaults worth printing.
void show_default(CLI::Option& option, Target target) {
  const auto shown = Overloaded{[](const std::string* text) { return *text; },
                                [](const int64_t* value) { return std::to_string(*value); },
                                [](const uint64_t* value) { return std::to_string(*value); },
                                [](const double* value) { return significant(*value, 6); },
                                [](const auto*) { return std::string(); }};
  option.default_str(std::visit(shown, target));
}

}  // namespace

void Arguments::required(const std::string& name, std::string& value, const std::string& meaning) {
  app_.add_option(name, value, meaning)->required();
}

void Arguments::positional(const std::string& name, Target value, const std::string& meaning) {
  add(app_, name, value, meaning);
}

void Arguments::flag(const std::string& name, bool& value, const std::string& meaning) {
  app_.add_flag(name, value, meaning);
}

void Arguments::option(const std::string& name, Target value, const Help& help) {
  auto* option = add(app_, name, value, help.meaning);
  option->type_name(help.value)->allow_extra_args(false);
  // The last of several wins, so that an alias can be overruled.
  if (!std::holds_alternative<std::vector<std::string>*>(value)) option->take_last();
  restrict(*option, help);
  note_choices(name, help);
  show_default(*option, value);
}

void Arguments::flag_or_option(const std::string& name, std::string& value,
                               const std::string& if_bare, const Help& help) {
  auto* option = app_.add_flag(name + "{" + if_bare + "}", value, help.meaning);
  option->type_name(help.value);
  restrict(*option, help);
  note_choices(name, help);
}

void Arguments::note_choices(const std::string& name, const Help& help) {
  if (const auto* choices = std::get_if<Choices>(&help.accepts)) choices_[name] = *choices;
}

void Arguments::example(const std::string& text) { app_.footer("Example:\n  " + text); }

}  // namespace locus::cli
