// Runs the built command as a user's shell does.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json/values.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {

struct CommandResult {
  int status = 0;  ///< exit status; 128 + the signal where one killed it
  std::string out;
  std::string err;

  /// The one JSON document that stdout holds; fails the test where it holds anything else.
  nlohmann::json json() const;
};

/// A running command.
class RunningCommand {
 public:
  /// `input` is all of its stdin; with `open_input` stdin stays open until `finish`.
  RunningCommand(const std::vector<std::string>& arguments, const std::string& input,
                 bool open_input = false, const std::string& program = LOCUS_COMMAND);
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  void signal(int number) const;
  /// Writes a line to the open stdin.
  void write_line(const std::string& line) const;
  /// The next line of stdout, without its end.
  std::string read_line();
  /// Waits for its end and returns everything that was not read yet.
  CommandResult finish();

 private:
  int process_ = 0;
  int input_ = -1;
  int output_ = -1;
  std::filesystem::path errors_;
};

CommandResult run(const std::vector<std::string>& arguments, const std::string& input = "");
/// The command after words of a shell, such as limits: `$LOCUS` stands for it.
CommandResult run_in_shell(const std::string& script);
/// `locus-claims`.
CommandResult run_claims(const std::vector<std::string>& arguments);

}  // namespace locus::tests
