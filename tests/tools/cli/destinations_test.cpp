// Outputs that would replace what is read, or each other.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace fs = std::filesystem;
namespace {

using Words = std::vector<std::string>;

/// Wrong usage that says so in one line before its hint, with nothing in `folder` changed.
void check_refused(const TemporaryFolder& folder, const Words& arguments, const std::string& says) {
  const auto before = folder.names();
  const auto result = run(arguments);
  CAPTURE(arguments.front());
  CAPTURE(arguments.back());
  CAPTURE(result.err);
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 2);
  CHECK(result.err.find(says) != std::string::npos);
  CHECK(folder.names() == before);
}

TEST_CASE("an output that is a text which is read is refused, by any name and link") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const std::string text = folder.write("text.txt", "A lamp.\n");
  fs::create_symlink("text.txt", folder / "link");
  fs::create_hard_link(text, folder / "twin");
  for (const char* name : {"text.txt", "link", "twin", "./gpt2/../text.txt"}) {
    check_refused(folder, {"perplexity", model, "--text", text, "--per-token", folder / name},
                  "--per-token: expected another path than what --text reads, found '");
    check_refused(folder, {"probe", model, "--text", text, "--report", folder / name},
                  "--report: expected another path than what --text reads");
    check_refused(folder, {"compare", model, "--text", text, "--csv", folder / name},
                  "--csv: expected another path than what --text reads");
  }
  CHECK(read_text(text) == "A lamp.\n");
  const auto ids = folder.write("ids.txt", "1 2 3\n");
  check_refused(folder, {"perplexity", model, "--ids-file", ids, "--per-token", ids},
                "--per-token: expected another path than what --ids-file reads");
  folder.write("texts/a.txt", "A lamp.\n");
  check_refused(
      folder,
      {"perplexity", model, "--text", folder / "texts", "--per-token", folder / "texts/a.txt"},
      "than what --text reads");
}

TEST_CASE("an output that is one of the model's own files is refused, also one not yet there") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  const std::string weights = read_text(model + "/model.safetensors");
  fs::create_symlink("model.safetensors", model + "/link");
  for (const char* name : {"model.safetensors", "config.json", "link", "locus.json"}) {
    check_refused(folder, {"trace", model, "--ids", "1", "--out", model + "/" + name},
                  "--out: expected another path than what MODEL reads, found '");
    check_refused(folder, {"embed", model, "a", "--out", model + "/" + name},
                  "than what MODEL reads");
    check_refused(folder, {"convert", model, model + "/" + name, "--force"},
                  "OUT: expected another path than what MODEL reads");
    check_refused(folder, {"probe", model, "--report", model + "/" + name},
                  "--report: expected another path than what MODEL reads");
  }
  check_refused(folder, {"convert", model, model, "--force"}, "OUT: expected another path");
  check_refused(folder, {"compare", model, "--results", model}, "--results: expected another path");
  CHECK(read_text(model + "/model.safetensors") == weights);
}

TEST_CASE("results may lie beside a model, and be written again") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  for (const char* name : {"/vectors.npy", "/vectors.npy"}) {
    const auto result = run({"embed", model, "a", "--out", model + name});
    CAPTURE(result.err);
    CHECK(result.status == 0);
  }
}

TEST_CASE("a file of weights beside a locus.json is not replaced") {
  const TemporaryFolder folder;
  REQUIRE(run({"convert", golden_model("gpt2/lm"), folder / "m"}).status == 0);
  check_refused(
      folder,
      {"trace", folder / "m/locus.json", "--ids", "1", "--out", folder / "m/model.safetensors"},
      "than what MODEL reads");
  const auto beside = run(
      {"trace", folder / "m/locus.json", "--ids", "1", "--out", folder / "m/trace.safetensors"});
  CAPTURE(beside.err);
  CHECK(beside.status == 0);
}

TEST_CASE("two outputs of one name are refused, devices are not") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "gpt2/lm");
  check_refused(folder, {"compare", model, "--csv", folder / "a", "--out", folder / "./gpt2/../a"},
                "than what --");
  const auto text = folder.write("text.txt", "A lamp is a lamp.\n");
  const auto result = run({"compare", model, "--text", text, "--lengths", "8", "--csv", "/dev/null",
                           "--out", "/dev/null"});
  CAPTURE(result.err);
  CHECK(result.err.find("another path") == std::string::npos);
}

}  // namespace
}  // namespace locus::tests
