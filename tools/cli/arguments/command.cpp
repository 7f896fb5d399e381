#include "tools/cli/arguments/command.hpp"

#include <cstdio>
#include <new>
#include <sstream>

#include "base/error.hpp"
#include "tools/cli/arguments/command_line.hpp"
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

int report_usage(const std::string& command, const std::string& message) {
  std::fprintf(stderr, "%s: %s\nTry '%s --help'.\n", command.c_str(), message.c_str(),
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

// What went wrong in CLI11's words, and the verb that does not exist in ours.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error, int count,
                          char** arguments) {
  if (!chosen_verb(app).empty()) return error.what();
  if (count < 2) return "expected a verb, found none";
  return "expected a verb, found '" + std::string(arguments[1]) + "'";
}

int act(const Action& action, const std::string& command) {
  try {
    action();
    check_interruption();
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
    line.app->parse(count, arguments);
  } catch (const CLI::Success& request) {  // --help and --version
    return print_requested(*line.app, request);
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
  const Action action = program.add(options);
  try {
    app->parse(count, arguments);
  } catch (const CLI::Success& request) {
    return print_requested(*app, request);
  } catch (const CLI::ParseError& error) {
    return report_usage(program.name, error.what());
  }
  return act(action, program.name);
}

}  // namespace locus::cli
