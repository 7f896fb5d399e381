// What a verb takes on the command line. CLI11 stays behind it.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
}

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

/// How an option is explained, and what it accepts; anything else is wrong usage.
struct Help {
  std::string value;    ///< what its value is called: `N`, `FILE`
  std::string meaning;  ///< for people
  std::variant<std::monostate, Range, Choices> accepts = {};
};

/// The options and positional arguments of a verb.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(app) {}

  void required(const std::string& name, std::string& value, const std::string& meaning);
  void positional(const std::string& name, Target value, const std::string& meaning);
  void flag(const std::string& name, bool& value, const std::string& meaning);
  void option(const std::string& name, Target value, const Help& help);
  /// An option whose value, after `=`, may be left out: `--early-stopping`,
  /// `--early-stopping=never`.
  void flag_or_option(const std::string& name, std::string& value, const std::string& if_bare,
                      const Help& help);
  /// An example that works, printed below the help.
  void example(const std::string& text);

  /// The values of options that have a list of them, by name.
  const std::map<std::string, Choices>& choices() const { return choices_; }

 private:
  void note_choices(const std::string& name, const Help& help);

  CLI::App& app_;
  std::map<std::string, Choices> choices_;
};

}  // namespace locus::cli
