#include "tools/cli/command.hpp"

#include <cstdio>
#include <new>

#include "engine/error.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/support/interruption.hpp"
#include "tools/cli/support/terminal.hpp"
#include "tools/cli/support/usage.hpp"

namespace locus::cli {
namespace {

enum Status { done = 0, failed = 1, wrong_usage = 2 };

int report_failure(const std::string& message) {
  std::fprintf(stderr, "locus: %s\n", message.c_str());
  return failed;
}

int report_usage(const std::string& verb, const std::string& message) {
  const std::string command = verb.empty() ? "locus" : "locus " + verb;
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

int act(const Action& action, const std::string& verb) {
  try {
    action();
    check_interruption();
    return done;
  } catch (const UsageError& error) {
    return report_usage(verb, error.what());
  } catch (const Error& error) {
    const bool cancelled = error.cancelled() || interrupting_signal() != 0;
    return cancelled ? report_cancellation() : report_failure(error.what());
  } catch (const std::bad_alloc&) {
    return report_failure("memory: expected enough of it, found none left");
  } catch (const std::exception& error) {
    return interrupting_signal() ? report_cancellation() : report_failure(error.what());
  }
}

}  // namespace

int run_command(int count, char** arguments) {
  watch_for_interruption();
  const auto line = make_command_line();
  try {
    line.app->parse(count, arguments);
  } catch (const CLI::Success& request) {  // --help and --version
    return line.app->exit(request);
  } catch (const CLI::ParseError& error) {
    return report_usage(chosen_verb(*line.app), usage_message(*line.app, error, count, arguments));
  }
  const auto verb = chosen_verb(*line.app);
  return act(line.actions.at(verb), verb);
}

}  // namespace locus::cli
