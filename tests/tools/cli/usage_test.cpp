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
    const bool opens_models = verb.name != "models";
    if (verb.name == "completions") continue;  // it has a shell, and nothing else
    for (const char* option : {"--json", "--help", "--threads", "--precision", "--encoding"}) {
      const bool common =
          std::string_view(option) != "--json" && std::string_view(option) != "--help";
      if (common && !opens_models) continue;
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
    // Long, or without end: they have tests of their own.
    if (verb.name == "compare" || verb.name == "claims" || verb.name == "serve") continue;
    const auto model = source_path("weights/" + words[1]);
    const bool without =
        verb.name == "position" || verb.name == "models" || verb.name == "completions";
    if (!without && !std::filesystem::exists(model)) {
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
  std::vector<std::vector<std::string>> helps{{"--help"}};
  for (const auto& verb : cli::verbs()) helps.push_back({std::string(verb.name), "--help"});
  for (const auto& help : helps) {
    std::istringstream lines(run(help).out);
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
  CHECK(run({"frobnicate"}).err.find("expected a verb, found 'frobnicate'\n") != std::string::npos);
}

TEST_CASE("what nothing takes, what is missing and an option without its value are named") {
  const auto said = [](const std::vector<std::string>& arguments) {
    const std::string err = run(arguments).err;
    return err.substr(0, err.find('\n'));
  };
  CHECK(said({"perplexity", "model", "a.txt", "b.txt"}) ==
        "locus perplexity: expected no further argument, found 'a.txt' (is it for --text?)");
  CHECK(said({"inspect", "model", "[a, b]"}) ==
        "locus inspect: expected no further argument, found '[a, b]'");
  CHECK(said({"inspect", "model", "a\x1b[31m\nb"}) ==
        "locus inspect: expected no further argument, found 'a\\x1b[31m\\nb'");
  CHECK(said({"a\nb"}) == "locus: expected a verb, found 'a\\nb'");
  CHECK(said({"generate", "model", "--prompt", "hi"}) ==
        "locus generate: expected an option that --help lists, found '--prompt'");
  CHECK(said({"generate"}) == "locus generate: expected MODEL, found none");
  CHECK(said({"perplexity", "model", "--text"}) ==
        "locus perplexity: --text: expected FILE, found nothing");
  CHECK(said({"trace", golden_model("gpt2/lm")}) == "locus trace: expected a text or --ids");
}

TEST_CASE("a mistyped verb, option or model is answered with the nearest") {
  CHECK(run({"perplexty"}).err.find("expected a verb, found 'perplexty' (nearest: perplexity)") !=
        std::string::npos);
  CHECK(run({"inspect", "model", "--thread", "2"}).err.find("(nearest: --threads)") !=
        std::string::npos);
  CHECK(run({"inspect", "model", "--frobnicate"}).err.find("nearest") == std::string::npos);
  const TemporaryFolder folder;
  std::filesystem::copy(golden_model("gpt2/lm"), folder / "gpt2");
  setenv("LOCUS_MODELS", folder.path().c_str(), 1);
  const auto wrong = run({"inspect", "gtp2"});
  CHECK(wrong.status == 1);
  CHECK(wrong.err.find(folder.path().string() + " or beside /") != std::string::npos);
  CHECK(wrong.err.find(", as gpt2, found none") != std::string::npos);
  unsetenv("LOCUS_MODELS");
}

TEST_CASE("models lists what has a name here") {
  const TemporaryFolder folder;
  std::filesystem::copy(golden_model("gpt2/lm"), folder / "gpt2");
  std::filesystem::copy(golden_model("bert/lm"), folder / "bert");
  folder.write("other/readme.txt", "no model");
  setenv("LOCUS_MODELS", folder.path().c_str(), 1);
  CHECK(run({"models", "--names"}).out == "bert\ngpt2\n");
  const auto list = run({"models", "--json"}).json();
  REQUIRE(list.size() == 2);
  CHECK(list[1]["name"] == "gpt2");
  CHECK(list[1]["folder"] == (folder.path() / "gpt2").string());
  CHECK(list[1]["bytes"].get<int64_t>() > 1000);
  CHECK(run({"models"}).out.find("gpt2") != std::string::npos);
  unsetenv("LOCUS_MODELS");
}

TEST_CASE("a GGUF file is named as what it is") {
  const TemporaryFolder folder;
  folder.write("model.gguf", "GGUF\x03");
  CHECK(run({"inspect", folder / "model.gguf"}).err.find("found a GGUF file") != std::string::npos);
  CHECK(run({"inspect", folder.path().string()}).err.find("found GGUF files") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
