// The verb that serves, as a process: its routes have tests of their own.
#include <doctest/doctest.h>
#include <signal.h>

#include <sstream>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

struct WithModel {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "gpt2/lm");
};

TEST_CASE_FIXTURE(WithModel, "serve says where, and ends well at SIGTERM and Ctrl-C") {
  for (const int signal : {SIGTERM, SIGINT}) {
    RunningCommand command({"serve", model, "mine=" + model, "--port", "0", "--json"}, "", true);
    const std::string line = command.read_line();
    if (line.empty()) {
      const auto result = command.finish();
      CHECK(result.err.find("cpp-httplib") != std::string::npos);  // built without a server
      return;
    }
    const auto announced = nlohmann::json::parse(line);
    CHECK(announced["url"].get<std::string>().starts_with("http://127.0.0.1:"));
    CHECK(announced["models"] == nlohmann::json{"lm", "mine"});
    command.signal(signal);
    const auto result = command.finish();
    CHECK(result.status == 0);
    CHECK(result.err.empty());
  }
}

TEST_CASE_FIXTURE(WithModel, "serve refuses what it cannot do before it listens") {
  CHECK(run({"serve"}).status == 2);
  CHECK(run({"serve", folder / "nothing", "--port", "0"}).status == 1);
  CHECK(run({"serve", model, "--port", "70000"}).status == 2);
  const auto twice = run({"serve", model, model, "--port", "0"});
  CHECK(twice.status == 1);
  const bool served = twice.err.find("every name once") != std::string::npos;
  CHECK((served || twice.err.find("cpp-httplib") != std::string::npos));
}

TEST_CASE_FIXTURE(WithModel, "generate streams lines of JSON") {
  const std::vector<std::string> wanted{"generate", model, "the cat", "--max-tokens", "6"};
  auto as_one = wanted, as_lines = wanted;
  as_one.emplace_back("--json");
  as_lines.insert(as_lines.end(), {"--json", "--stream"});
  const auto whole = run(as_one).json();
  std::istringstream lines(run(as_lines).out);
  std::string text;
  nlohmann::json last;
  for (std::string line; std::getline(lines, line);) {
    last = nlohmann::json::parse(line);
    CHECK(last["prompt"] == 0);
    if (last.contains("piece")) text += last["piece"].get<std::string>();
  }
  CHECK(text == whole["text"]);
  CHECK(last["text"] == whole["text"]);
  CHECK(last["ids"] == whole["ids"]);
  CHECK(last["finish"] == whole["finish"]);
  CHECK(run({"generate", model, "the", "--stream"}).status == 2);
}

}  // namespace
}  // namespace locus::tests
