#include "tests/tools/cli/command.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "tests/support/paths.hpp"

extern char** environ;

namespace locus::tests {
namespace fs = std::filesystem;
namespace {

fs::path temporary_file() {
  auto name = (fs::temp_directory_path() / "locus-errors-XXXXXX").string();
  ::close(mkstemp(name.data()));
  return name;
}

void write_all(int file, const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const auto count = ::write(file, text.data() + written, text.size() - written);
    if (count <= 0) return;  // the command needs no more
    written += static_cast<size_t>(count);
  }
}

std::string read_all(int file) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t count; (count = ::read(file, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  return text;
}

int spawn(const std::vector<std::string>& arguments, const std::array<int, 2>& files,
          const fs::path& errors, const std::string& program) {
  std::vector<char*> pointers{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, files[0], 0);
  posix_spawn_file_actions_adddup2(&actions, files[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_TRUNC, 0600);
  pid_t process = 0;
  REQUIRE(posix_spawn(&process, program.c_str(), &actions, nullptr, pointers.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends;
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  return ends;
}

}  // namespace

nlohmann::json CommandResult::json() const {
  CAPTURE(out);
  CAPTURE(err);
  auto document = nlohmann::json::parse(out, nullptr, false);
  REQUIRE_FALSE(document.is_discarded());
  return document;
}

RunningCommand::RunningCommand(const std::vector<std::string>& arguments, const std::string& input,
                               bool open_input, const std::string& program)
    : errors_(temporary_file()) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto in = make_pipe(), out = make_pipe();
  process_ = spawn(arguments, {in[0], out[1]}, errors_, program);
  ::close(in[0]);
  ::close(out[1]);
  output_ = out[0];
  input_ = in[1];
  if (open_input) return;
  std::thread([file = input_, input] {
    write_all(file, input);
    ::close(file);
  }).detach();
  input_ = -1;
}

void RunningCommand::signal(int number) const { ::kill(process_, number); }

void RunningCommand::write_line(const std::string& line) const { write_all(input_, line + "\n"); }

std::string RunningCommand::read_line() {
  std::string line;
  pollfd ready{output_, POLLIN, 0};
  for (char byte = 0; poll(&ready, 1, 20000) == 1 && ::read(output_, &byte, 1) == 1;) {
    if (byte == '\n') return line;
    line += byte;
  }
  FAIL("the command ended, or waited, within a line");
  return line;
}

CommandResult RunningCommand::finish() {
  if (input_ >= 0) ::close(input_);
  CommandResult result;
  result.out = read_all(output_);
  ::close(output_);
  int status = 0;
  waitpid(process_, &status, 0);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.err = read_text(errors_);
  fs::remove(errors_);
  return result;
}

CommandResult run(const std::vector<std::string>& arguments, const std::string& input) {
  return RunningCommand(arguments, input).finish();
}

CommandResult run_in_shell(const std::string& script) {
  const std::string text = "LOCUS='" LOCUS_COMMAND "'; " + script;
  return RunningCommand({"-c", text}, "", false, "/bin/sh").finish();
}

CommandResult run_claims(const std::vector<std::string>& arguments) {
  return RunningCommand(arguments, "", false, LOCUS_CLAIMS).finish();
}

}  // namespace locus::tests
