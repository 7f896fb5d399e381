#include "tools/cli/arguments/arguments.hpp"

#include <CLI/App.hpp>

#include "tools/cli/arguments/plain_words.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

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
  return "expected " + alternatives(choices) + ", found '" + text + "'";
}

std::string check_given(const std::string& text) {
  return text.empty() ? "expected a value that is not empty, found ''" : "";
}

void restrict(CLI::Option& option, const Help& help) {
  const auto add = [&](auto check) { option.check(check, "", ""); };
  std::visit(
      Overloaded{[&](std::monostate) { add(check_given); }, [](AnyText) {},
                 [&](const Offers&) { add(check_given); },
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
  return app.add_option(name, value, meaning)->transform(unmarked, "", "");
}

// CLI11 takes an empty text for none.
CLI::Option* add(CLI::App& app, const std::string& name, std::optional<std::string>& value,
                 const std::string& meaning) {
  const auto take = [&value](const std::string& text) { value = text; };
  return app.add_option_function<std::string>(name, take, meaning)->transform(unmarked, "", "");
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

/// Whether what is called so is a path: `FILE.npy`, `FOLDER`.
bool is_path(const std::string& called) {
  return called.starts_with("FILE") || called.starts_with("FOLDER") || called == "REFERENCE";
}

bool is_model(const std::string& called) { return called.ends_with("MODEL"); }

}  // namespace

std::string alternatives(const std::vector<std::string>& items) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " or " : ", ";
    text += items[i];
  }
  return text;
}

OptionRules& OptionRules::needs(const std::vector<std::string>& others) {
  rules_.relations.push_back({name_, Relation::Kind::needs, others});
  option_.description(option_.get_description() + "; needs " + alternatives(others));
  return *this;
}

OptionRules& OptionRules::excludes(const std::vector<std::string>& others) {
  rules_.relations.push_back({name_, Relation::Kind::excludes, others});
  option_.description(option_.get_description() + "; not with " + alternatives(others));
  return *this;
}

OptionRules& OptionRules::idle_beside(const std::vector<std::string>& others) {
  rules_.relations.push_back({name_, Relation::Kind::idle, others});
  option_.description(option_.get_description() + "; no effect beside " + alternatives(others));
  return *this;
}

void Arguments::required(const std::string& name, std::string& value, const std::string& meaning) {
  add(app_, name, value, meaning)->check(check_given, "", "")->required();
  note_path(name, name, &value);
}

void Arguments::positional(const std::string& name, Target value, const std::string& meaning) {
  add(app_, name, value, meaning);
  note_path(name, name, value);
}

void Arguments::required_output(const std::string& name, std::string& value,
                                const std::string& meaning) {
  add(app_, name, value, meaning)->check(check_given, "", "")->required();
  rules_.paths.push_back({name, &value, PathUse::writes});
}

OptionRules Arguments::flag(const std::string& name, bool& value, const std::string& meaning) {
  return {*app_.add_flag(name, value, meaning), name, rules_};
}

OptionRules Arguments::option(const std::string& name, Target value, const Help& help) {
  note_path(name, help.value, value);
  return {add_valued(name, value, help), name, rules_};
}

OptionRules Arguments::output(const std::string& name, Target value, const Help& help) {
  rules_.paths.push_back({name, value, PathUse::writes});
  return {add_valued(name, value, help), name, rules_};
}

CLI::Option& Arguments::add_valued(const std::string& name, Target value, const Help& help) {
  auto* option = add(app_, name, value, help.meaning);
  option->type_name(help.value)->allow_extra_args(false);
  // The last of several wins, so that an alias can be overruled.
  if (!std::holds_alternative<std::vector<std::string>*>(value)) option->take_last();
  restrict(*option, help);
  note_choices(name, help);
  show_default(*option, value);
  return *option;
}

OptionRules Arguments::flag_or_option(const std::string& name, std::string& value,
                                      const std::string& if_bare, const Help& help) {
  auto* option = app_.add_flag(name + "{" + if_bare + "}", value, help.meaning);
  option->type_name(help.value);
  restrict(*option, help);
  note_choices(name, help);
  return {*option, name, rules_};
}

void Arguments::idle(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    rules_.relations.push_back({name, Relation::Kind::idle, {}});
    auto* option = app_.get_option(name);
    option->description(option->get_description() + "; without effect here");
  }
}

std::function<bool(const std::string& name)> Arguments::given() const {
  return [&app = app_](const std::string& name) { return app.get_option(name)->count() > 0; };
}

void Arguments::note_path(const std::string& name, const std::string& called, Target value) {
  if (is_path(called)) rules_.paths.push_back({name, value, PathUse::reads});
  if (is_model(called)) rules_.paths.push_back({name, value, PathUse::reads_model});
}

void Arguments::note_choices(const std::string& name, const Help& help) {
  if (const auto* choices = std::get_if<Choices>(&help.accepts)) choices_[name] = *choices;
  if (const auto* offers = std::get_if<Offers>(&help.accepts)) choices_[name] = offers->texts;
}

void Arguments::example(const std::string& text) { app_.footer("Example:\n  " + text); }

}  // namespace locus::cli
