#include "tools/cli/arguments/command.hpp"

#include <algorithm>
#include <cstdio>
#include <new>
#include <sstream>

#include "base/close_names.hpp"
#include "base/error.hpp"
#include "tools/cli/arguments/command_line.hpp"
#include "tools/cli/arguments/plain_words.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

enum Status { done = 0, failed = 1, wrong_usage = 2 };

int report_failure(const std::string& message) {
  std::fprintf(stderr, "locus: %s\n", message.c_str());
  return failed;
}

// Both may hold what was typed, byte by byte.
int report_usage(const std::string& given, const std::string& message) {
  const std::string command = printable(given);
  std::fprintf(stderr, "%s: %s\nTry '%s --help'.\n", command.c_str(), printable(message).c_str(),
               command.c_str());
  return wrong_usage;
}

int report_cancellation() {
  if (stderr_is_terminal()) std::fputs("\n", stderr);
  const int signal = interrupting_signal();
  return 128 + (signal ? signal : 2);
}

std::string chosen_verb(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? "" : chosen.front()->get_name();
}

// Empty where nothing is close.
std::string hint_at(const std::string& name, const std::vector<std::string>& known) {
  const auto close = close_names(name, known);
  std::string hint;
  for (const std::string& each : close) hint += (hint.empty() ? " (nearest: " : ", ") + each;
  return hint.empty() ? hint : hint + ")";
}

// The first option that the verb does not have, and those that it has of like names.
std::string hint_at_option(const CLI::App& verb, int count, char** arguments) {
  std::vector<std::string> known;
  for (const auto* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (int i = 2; i < count; ++i) {
    const std::string given =
        std::string(arguments[i]).substr(0, std::string(arguments[i]).find('='));
    if (!given.starts_with("--") || std::ranges::count(known, given) > 0) continue;
    return hint_at(given, known);
  }
  return {};
}

// A word that nothing takes: a misspelt option, or most often the file of a text without `--text`.
std::string unexpected(const CLI::App& reader, const std::string& word) {
  const std::string found = ", found '" + word + "'";
  if (word.starts_with("-")) return "expected an option that --help lists" + found;
  const bool reads_text = reader.get_option_no_throw("--text") != nullptr;
  return "expected no further argument" + found + (reads_text ? " (is it for --text?)" : "");
}

// What went wrong in CLI11's words, where it is none of the frequent mistakes.
std::string parse_message(const CLI::App& reader, const CLI::ParseError& error) {
  const std::string said = without_marks(error.what());
  const std::vector<std::string> words = reader.remaining();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) && !words.empty()) {
    return unexpected(reader, unmarked(words.front()));
  }
  const std::string_view required = " is required", missing = " missing", one = ": 1 required ";
  if (said.ends_with(required)) {
    return "expected " + said.substr(0, said.size() - required.size()) + ", found none";
  }
  const size_t at = said.find(one);
  if (at == std::string::npos || !said.ends_with(missing)) return said;
  const size_t begin = at + one.size();
  return said.substr(0, at) + ": expected " +
         said.substr(begin, said.size() - missing.size() - begin) + ", found nothing";
}

std::string usage_message(const CLI::App& app, const CLI::ParseError& error, int count,
                          char** arguments) {
  const auto chosen = app.get_subcommands();
  if (!chosen.empty()) {
    const CLI::App& verb = *chosen.front();
    return parse_message(verb, error) + hint_at_option(verb, count, arguments);
  }
  if (count < 2) return "expected a verb, found none";
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.emplace_back(verb.name);
  const std::string found = "expected a verb, found '" + std::string(arguments[1]) + "'";
  return found + hint_at(arguments[1], names);
}

// What the standard library throws is said in the words of an Error.
void run_to_end(const Action& action, const std::string& command) try {
  action();
  check_interruption();
} catch (const UsageError&) {
  throw;
} catch (...) {
  throw_as_error(command);
}

int act(const Action& action, const std::string& command) {
  try {
    run_to_end(action, command);
    return done;
  } catch (const UsageError& error) {
    return report_usage(command, error.what());
  } catch (const Error& error) {
    const bool cancelled = error.cancelled() || interrupting_signal() != 0;
    return cancelled ? report_cancellation() : report_failure(error.what());
  } catch (const std::bad_alloc&) {
    return report_failure("memory: expected enough of it, found none left");
  } catch (const std::exception& error) {
    return interrupting_signal() ? report_cancellation() : report_failure(error.what());
  }
}

/// `--help` or `--version`.
int print_requested(const CLI::App& app, const CLI::Success& request) {
  std::ostringstream text;
  const int status = app.exit(request, text, text);
  const int printed = act([&] { print(text.str()); }, app.get_name());
  return printed ? printed : status;
}

}  // namespace

int run_command(int count, char** arguments) {
  if (const int status = act(watch_for_interruption, "locus")) return status;
  const auto line = make_command_line();
  try {
    line.app->parse(plain_words(*line.app, count, arguments));
  } catch (const CLI::Success& request) {  // --help and --version
    return print_requested(*line.app, request);
  } catch (const UsageError& error) {
    return report_usage(std::string("locus ") + arguments[1], error.what());
  } catch (const CLI::ParseError& error) {
    const auto verb = chosen_verb(*line.app);
    return report_usage(verb.empty() ? "locus" : "locus " + verb,
                        usage_message(*line.app, error, count, arguments));
  }
  const auto verb = chosen_verb(*line.app);
  return act(line.actions.at(verb), "locus " + verb);
}

int run_program(const Program& program, int count, char** arguments) {
  if (const int status = act(watch_for_interruption, program.name)) return status;
  const auto app = make_app(program.name, program.summary, program.footer);
  Arguments options(*app);
  Action added = program.add(options);
  const Action action = checked(std::move(added), *app, options.rules());
  try {
    app->parse(plain_words(*app, count, arguments));
  } catch (const CLI::Success& request) {
    return print_requested(*app, request);
  } catch (const UsageError& error) {
    return report_usage(program.name, error.what());
  } catch (const CLI::ParseError& error) {
    return report_usage(program.name, parse_message(*app, error));
  }
  return act(action, program.name);
}

}  // namespace locus::cli
