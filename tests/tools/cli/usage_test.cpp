#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::tests {
namespace {

size_t lines_of(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// What follows `Example:` up to a pipe or redirection, cut at white space outside quotes.
std::vector<std::string> example_words(const std::string& help) {
  const auto begin = help.find("Example:\n  locus ");
  REQUIRE(begin != help.npos);
  const auto end = help.find('\n', begin + 10);
  const auto text = help.substr(begin + 17, end - begin - 17);
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : text + " ") {
    if (c == '\'') quoted = !quoted;
    if (!quoted && (c == '|' || c == '>')) break;  // what a shell would do with the output
    if (c == ' ' && !quoted) {
      if (!word.empty()) words.push_back(word);
      word.clear();
    } else if (c != '\'') {
      word += c;
    }
  }
  return words;
}

TEST_CASE("the version is one line on stdout") {
  const auto result = run({"--version"});
  CHECK(result.status == 0);
  CHECK(result.out.starts_with("locus "));
  CHECK(lines_of(result.out) == 1);
  CHECK(result.err.empty());
}

TEST_CASE("the help of the command names every verb") {
  const auto result = run({"--help"});
  CHECK(result.status == 0);
  for (const auto& verb : cli::verbs()) {
    CHECK(result.out.find(std::string(verb.name)) != std::string::npos);
  }
}

TEST_CASE("every verb of the first stage is there") {
  std::set<std::string> names;
  for (const auto& verb : cli::verbs()) names.insert(std::string(verb.name));
  for (const char* name : {"inspect", "tokenize", "trace", "run", "fill-mask", "embed", "generate",
                           "perplexity", "compare", "position", "bench", "convert"}) {
    CHECK_MESSAGE(names.contains(name), name);
  }
}

TEST_CASE("every verb's help has an example, and the common options") {
  for (const auto& verb : cli::verbs()) {
    CAPTURE(verb.name);
    const auto result = run({std::string(verb.name), "--help"});
    CHECK(result.status == 0);
    CHECK(result.err.empty());
    for (const char* option : {"--threads", "--precision", "--encoding", "--json", "--help"}) {
      CHECK_MESSAGE(result.out.find(option) != std::string::npos, option);
    }
    const auto words = example_words(result.out);
    REQUIRE(words.size() >= 2);
    CHECK(words.front() == verb.name);
  }
}

// Runs in another folder while this lives.
class InFolder {
 public:
  explicit InFolder(const std::filesystem::path& folder)
      : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  ~InFolder() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

TEST_CASE("the example of every verb works with the shipped models") {
  const TemporaryFolder folder;
  folder.write("README.md", read_text(source_path("LICENSE")).substr(0, 4000));
  const InFolder in_folder(folder.path());
  setenv("LOCUS_MODELS", source_path("weights").c_str(), 1);
  for (const auto& verb : cli::verbs()) {
    const auto words = example_words(run({std::string(verb.name), "--help"}).out);
    CAPTURE(verb.name);
    if (verb.name == "compare" || verb.name == "claims") continue;  // long; own tests
    const auto model = source_path("weights/" + words[1]);
    if (verb.name != "position" && !std::filesystem::exists(model)) {
      std::printf("SKIPPED: an example needs weights/%s, which is not here\n", words[1].c_str());
      continue;
    }
    const auto result = run(words);
    CAPTURE(result.err);
    CHECK(result.status == 0);
    CHECK_FALSE(result.out.empty());
  }
  unsetenv("LOCUS_MODELS");
}

TEST_CASE("every line of help fits 80 columns") {
  for (const auto& verb : cli::verbs()) {
    std::istringstream lines(run({std::string(verb.name), "--help"}).out);
    for (std::string line; std::getline(lines, line);) {
      CHECK_MESSAGE(line.size() <= 80, line);
    }
  }
}

TEST_CASE("wrong usage ends with status 2 and a hint") {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"frobnicate"},
      {"inspect"},
      {"inspect", "model", "--frobnicate"},
      {"inspect", "model", "--threads", "0"},
      {"inspect", "model", "--threads", "many"},
      {"inspect", "model", "--precision", "f64"},
      {"inspect", "model", "--graph", "png"},
      {"perplexity", "model"},
      {"position"},
      {"embed", "model", "text", "--pooling", "median"},
      {"generate", "model", "--top-p", "2"},
  };
  for (const auto& arguments : wrong) {
    const auto result = run(arguments);
    CAPTURE(arguments.empty() ? "" : arguments.back());
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with("locus"));
    CHECK(result.err.find("--help") != std::string::npos);
  }
}

TEST_CASE("an unknown verb is named") {
  CHECK(run({"frobnicate"}).err.find("expected a verb, found 'frobnicate'") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
