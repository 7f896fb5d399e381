// What a verb takes on the command line. CLI11 stays behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tools/cli/output/destinations.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace locus::cli {

/// Where a value goes. Defaults that `--help` prints are the values held before; an optional has
/// none.
using Target =
    std::variant<std::string*, std::vector<std::string>*, int64_t*, uint64_t*, double*,
                 std::optional<int64_t>*, std::optional<double>*, std::optional<std::string>*>;

/// Values that a number may have.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};
/// Values that a text may have.
using Choices = std::vector<std::string>;
/// Any text, the empty one too.
struct AnyText {};
/// Texts that shells offer; others are accepted as well.
struct Offers {
  std::vector<std::string> texts;
};

/// How an option is explained, and what it accepts; anything else is wrong usage. An empty value
/// is refused unless the option accepts `AnyText`: so one that is empty was not given.
struct Help {
  std::string value;    ///< what its value is called: `N`, `FILE`
  std::string meaning;  ///< for people
  std::variant<std::monostate, Range, Choices, AnyText, Offers> accepts = {};
};

/// How an option goes with others.
struct Relation {
  enum class Kind {
    needs,
    excludes,
    idle
  };  ///< one of the others, none of them; no effect beside one of them (none are named: always)
  std::string option;
  Kind kind = Kind::needs;
  std::vector<std::string> others;
};

/// An argument whose values are paths.
struct PathArgument {
  std::string name;
  Target value;
  PathUse use = PathUse::reads;
};

/// What is to be checked of a verb's arguments together.
struct ArgumentRules {
  std::vector<Relation> relations;
  std::vector<PathArgument> paths;
};

/// Says with which others an option makes sense: in its help, and to whoever gives it without.
/// Options are `--name`, positional arguments `NAME`.
class OptionRules {
 public:
  OptionRules(CLI::Option& option, std::string name, ArgumentRules& rules)
      : option_(option), name_(std::move(name)), rules_(rules) {}

  /// It acts beside one of these alone.
  OptionRules& needs(const std::vector<std::string>& others);
  /// It contradicts these.
  OptionRules& excludes(const std::vector<std::string>& others);
  /// It does not act beside any of these: whoever gives it is warned.
  OptionRules& idle_beside(const std::vector<std::string>& others);

 private:
  CLI::Option& option_;
  std::string name_;
  ArgumentRules& rules_;
};

/// `--a, --b or --c`
std::string alternatives(const std::vector<std::string>& items);

/// The options and positional arguments of a verb. A value called `FILE` or `FOLDER` is a path that
/// is read, and an argument called `MODEL` a model.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(app) {}

  /// One that must be given, and is not empty.
  void required(const std::string& name, std::string& value, const std::string& meaning);
  /// Texts or models, which may be empty.
  void positional(const std::string& name, Target value, const std::string& meaning);
  OptionRules flag(const std::string& name, bool& value, const std::string& meaning);
  OptionRules option(const std::string& name, Target value, const Help& help);
  /// An option that names a file or folder to write.
  OptionRules output(const std::string& name, Target value, const Help& help);
  /// A positional argument, which must be given, that names a file or folder to write.
  void required_output(const std::string& name, std::string& value, const std::string& meaning);
  /// An option whose value, after `=`, may be left out: `--early-stopping`,
  /// `--early-stopping=never`.
  OptionRules flag_or_option(const std::string& name, std::string& value,
                             const std::string& if_bare, const Help& help);
  /// Options of all verbs that this one has no use for: one that is given is warned of.
  void idle(const std::vector<std::string>& names);
  /// Whether an argument is given, to be asked once all are read.
  std::function<bool(const std::string& name)> given() const;
  /// An example that works, printed below the help.
  void example(const std::string& text);

  /// The values that shells offer for options, by name.
  const std::map<std::string, Choices>& choices() const { return choices_; }
  const ArgumentRules& rules() const { return rules_; }

 private:
  CLI::Option& add_valued(const std::string& name, Target value, const Help& help);
  void note_choices(const std::string& name, const Help& help);
  void note_path(const std::string& name, const std::string& called, Target value);

  CLI::App& app_;
  std::map<std::string, Choices> choices_;
  ArgumentRules rules_;
};

}  // namespace locus::cli
