#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

using Clock = std::chrono::steady_clock;

// The promise is 50 ms. A loaded machine may not schedule a process for a while, and sanitizers
// look for leaks at the end: a test can only tell a command that ends at once from one that runs
// on.
constexpr auto allowed = std::chrono::milliseconds(500);
constexpr int attempts = 12;

/// The command is interrupted after `delay`; the least time that it took to end.
Clock::duration time_to_end(const std::vector<std::string>& arguments, const std::string& input,
                            Clock::duration delay) {
  auto min = Clock::duration::max();
  for (int attempt = 0; attempt < attempts && min > allowed; ++attempt) {
    RunningCommand command(arguments, input, input.empty());
    std::this_thread::sleep_for(delay);
    const auto start = Clock::now();
    command.signal(SIGINT);
    const auto result = command.finish();
    min = std::min(min, Clock::now() - start);
    CAPTURE(result.err);
    CHECK(result.status == 130);
    CHECK(result.err.empty());
  }
  return min;
}

TEST_CASE("Ctrl-C ends a long run at once, and leaves no file") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  std::string text;
  for (int i = 0; i < 400000; ++i) text += "the cat and the hat of it . ";
  const auto file = folder.write("text.txt", text);
  const auto before = folder.names();
  CHECK(time_to_end({"perplexity", model, "--text", file, "--stride", "1", "--per-token",
                     folder / "tokens.jsonl"},
                    "", std::chrono::milliseconds(1500)) <= allowed);
  CHECK(folder.names() == before);
}

TEST_CASE("Ctrl-C ends a session that computes") {
  CHECK(time_to_end({"bench", golden_model("gpt2/lm"), "--lengths", "80", "--batch", "64",
                     "--repeat", "1000000"},
                    "", std::chrono::milliseconds(500)) <= allowed);
}

TEST_CASE("Ctrl-C ends a command that waits for its input") {
  const TemporaryFolder folder;
  CHECK(time_to_end({"tokenize", model_with_tokenizer(folder, "bert/lm"), "--jsonl"}, "",
                    std::chrono::milliseconds(300)) <= allowed);
}

TEST_CASE("a second Ctrl-C ends at once") {
  RunningCommand command(
      {"bench", golden_model("gpt2/lm"), "--repeat", "1000000", "--lengths", "80"}, "", true);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  command.signal(SIGINT);
  command.signal(SIGINT);
  CHECK(command.finish().status == 130);
}

}  // namespace
}  // namespace locus::tests
