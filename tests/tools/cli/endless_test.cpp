// Inputs without an end, and lines and lists that are longer than anything that is held whole.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

struct Fixture {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "gpt2/lm");
  std::string encoder = model_with_tokenizer(folder, "bert/bare");

  /// What the command says of it; it must be a failure of one line.
  static std::string refusal(const std::string& script) {
    const auto result = run_in_shell(script);
    CAPTURE(script);
    CAPTURE(result.err);
    CHECK(result.status == 1);
    CHECK(std::ranges::count(result.err, '\n') == 1);
    return result.err;
  }
};

const std::string letters = "head -c 70000000 /dev/zero 2>/dev/null | tr '\\0' a 2>/dev/null";

}  // namespace

TEST_CASE_FIXTURE(Fixture, "devices without an end are refused by name") {
  const std::string found = ": expected a file, a pipe or a terminal, found a device\n";
  CHECK(refusal("exec $LOCUS perplexity " + model + " --text /dev/zero") ==
        "locus: /dev/zero" + found);
  CHECK(refusal("exec $LOCUS perplexity " + model + " --text - < /dev/zero") ==
        "locus: standard input" + found);
  CHECK(refusal("exec $LOCUS perplexity " + model + " --ids-file /dev/zero") ==
        "locus: /dev/zero" + found);
  CHECK(refusal("exec $LOCUS probe " + model + " --text /dev/zero") == "locus: /dev/zero" + found);
}

TEST_CASE_FIXTURE(Fixture, "a line that is held whole has a greatest length") {
  const std::string json = "{ printf '{\"text\":\"'; " + letters + "; printf '\"}\\n'; } ";
  CHECK(refusal(json + "| $LOCUS perplexity " + model + " --text - --field text") ==
        "locus: -, line 1: expected at most 67108864 bytes, as longer texts are plain files, found "
        "more\n");
  const std::string file = folder / "lines.jsonl.gz";
  CHECK(refusal(json + "| gzip -1 > " + file + "; $LOCUS perplexity " + model + " --text " + file +
                " --field text") ==
        "locus: " + file +
            ", line 1: expected at most 67108864 bytes, as longer texts are plain files, found "
            "more\n");
  CHECK(refusal(letters + " | $LOCUS embed " + encoder) ==
        "locus: stdin, line 1: expected at most 67108864 bytes, found more\n");
  CHECK(refusal(letters + " | $LOCUS tokenize " + model + " --jsonl") ==
        "locus: stdin, line 1: expected at most 67108864 bytes, found more\n");
}

TEST_CASE_FIXTURE(Fixture, "texts that are held together have a greatest size") {
  const std::string many = "yes 'the cat sat on a mat' 2>/dev/null | tr '\\n' ' ' 2>/dev/null | ";
  CHECK(refusal(many + "$LOCUS probe " + model + " --text - --kind order")
            .ends_with("expected at most 268435456 bytes of all texts, found more\n"));
}

TEST_CASE_FIXTURE(Fixture, "JSON that is nested deeply is refused wherever it is read") {
  const std::string deep(100000, '[');
  const std::string levels = ": expected JSON of at most 64 levels, found more\n";
  CHECK(run({"tokenize", model, "--jsonl"}, deep + "\n").err == "locus: stdin, line 1" + levels);
  const std::string file = folder.write("deep.json", deep);
  CHECK(run({"compare", model, "--verify", file}).err == "locus: " + file + levels);
  CHECK(run({"compare", model, "--seeds", file}).err == "locus: " + file + levels);
}

TEST_CASE_FIXTURE(Fixture, "ids of JSON lines that no int32 holds are refused") {
  const auto result = run({"tokenize", model, "--decode", "--jsonl"}, "[4294967296]\n");
  CHECK(result.status == 1);
  CHECK(result.err.find("[0]: expected ids from 0 to ") != std::string::npos);
  CHECK(result.err.find("found 4294967296") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a sequence has a greatest length, also where the encoding has none") {
  const std::string model = model_with_tokenizer(folder, "llama/lm");
  CHECK(refusal("yes a 2>/dev/null | head -1100000 | tr '\\n' ' ' | $LOCUS generate " + model)
            .starts_with("locus: prompt: expected at most 1048576 tokens, found "));
}

}  // namespace locus::tests
