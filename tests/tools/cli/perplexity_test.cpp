#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "base/sha256.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

std::string prose(int paragraphs) {
  std::string text;
  for (int i = 0; i < paragraphs; ++i) {
    text += "the cat " + std::to_string(i) + " and the dog of it , to be sure !\n\n";
  }
  return text;
}

struct Scorer {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "gpt2/lm");
  std::string raw = prose(30);
  std::string file = folder.write("text.txt", raw);

  json score(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"perplexity", model, "--text", file, "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments).json();
  }
};

TEST_CASE_FIXTURE(Scorer, "perplexity gives the keys that the contract names, and they agree") {
  const auto result = score({});
  CHECK(result["metric"] == "perplexity");
  const double nll = result["nll"], tokens = result["tokens"], bytes = result["bytes"];
  CHECK(result["perplexity"].get<double>() == doctest::Approx(std::exp(nll / tokens)));
  CHECK(result["bits_per_byte"].get<double>() == doctest::Approx(nll / bytes / std::log(2.0)));
  const double words = result["words"];
  CHECK(result["word_perplexity"].get<double>() == doctest::Approx(std::exp(nll / words)));
  CHECK(result["ci95"][0].get<double>() < nll / tokens);
  CHECK(result["ci95"][1].get<double>() > nll / tokens);
  CHECK(result["top1"].get<double>() <= result["top5"].get<double>());
  CHECK(result["entropy"].get<double>() > 0);
  // WordPiece forgets line ends, and lines are what is looked at.
  CHECK(result["lossy_share"].get<double>() > 0.5);
}

TEST_CASE_FIXTURE(Scorer, "settings hold provenance and conventions") {
  const auto settings = score({"--context", "40", "--stride", "10"})["settings"];
  CHECK(settings["context"] == 40);
  CHECK(settings["stride"] == 10);
  CHECK(settings["convention"] == "sliding");
  CHECK(settings["tail"] == "scored");
  CHECK(settings["bos"] == 1);
  CHECK(settings["task"] == "causal");
  CHECK(settings["text"][0]["sha256"] == sha256(raw));
  CHECK(settings["model"]["files"]["model.safetensors"] ==
        sha256(read_text(model + "/model.safetensors")));
  CHECK(settings["precision"] == "f32");
}

TEST_CASE_FIXTURE(Scorer, "per-token lines add up to the result") {
  const auto lines_file = folder / "tokens.jsonl";
  const auto result = score({"--per-token", lines_file});
  std::istringstream lines(read_text(lines_file));
  double sum = 0;
  int64_t count = 0, last = -1, best = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto token = json::parse(line);
    CHECK(token["document"] == file);
    CHECK(token["position"].get<int64_t>() > last);  // each token once
    last = token["position"];
    const auto offset = token["byte_offset"].get<size_t>();
    if (token["token"] == "the") CHECK(raw.substr(offset, 3) == "the");
    CHECK(token["context_length"].get<int64_t>() >= 1);
    best += token["rank"] == 1;
    sum += token["nll"].get<double>();
  }
  CHECK(count == result["tokens"]);
  CHECK(sum == doctest::Approx(result["nll"].get<double>()).epsilon(1e-12));
  CHECK(result["top1"].get<double>() == doctest::Approx(double(best) / double(count)));
}

TEST_CASE_FIXTURE(Scorer, "conventions score the tokens that they say") {
  const auto count = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--context", "40"});
    return score(more)["tokens"].get<int64_t>();
  };
  const auto all = count({});
  CHECK(count({"--convention", "disjoint"}) == all);
  CHECK(count({"--convention", "lm-eval"}) == all);
  CHECK(count({"--convention", "hf"}) == all - 1);  // nothing comes before the first token
  const auto windows = (all + 1) / 40;
  CHECK(count({"--convention", "llama.cpp"}) == windows * 19);
}

TEST_CASE_FIXTURE(Scorer, "ids score like the text that they come from, without bytes") {
  std::string ids;
  std::string line = run({"tokenize", model, "--no-special", "--json", raw}).json()["ids"].dump();
  for (const char c : line) ids += c == '[' || c == ']' ? ' ' : c;
  const auto file_of_ids = folder.write("ids.txt", ids + "\n");
  const auto result = run({"perplexity", model, "--ids-file", file_of_ids, "--json"}).json();
  const auto expected = score({});
  CHECK(result["nll"] == expected["nll"]);
  CHECK(result["bytes"].is_null());
  CHECK(result["bits_per_byte"].is_null());
}

TEST_CASE_FIXTURE(Scorer, "folders and separators give documents") {
  for (int i = 0; i < 12; ++i) {
    folder.write("many/" + std::to_string(i) + ".txt", "the cat " + std::to_string(i));
  }
  const auto many = run({"perplexity", model, "--text", folder / "many", "--json"}).json();
  CHECK(many["settings"]["text"].size() == 12);
  CHECK(many["settings"]["unit"] == "document");
  const auto cut = run({"perplexity", model, "--text", file, "--separator", "\\n\\n", "--json"});
  CHECK(cut.json()["settings"]["units"] == 30);
}

TEST_CASE("masked models are scored by a seeded sample, or whole") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto file = folder.write("text.txt", prose(4));
  const auto score = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"perplexity", model, "--text", file, "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments).json();
  };
  const auto sample = score({"--sample", "10"});
  CHECK(sample["metric"] == "pseudo-perplexity");
  CHECK(sample["tokens"] == 10);
  CHECK(sample["nll"] == score({"--sample", "10"})["nll"]);
  CHECK(sample["nll"] != score({"--sample", "10", "--seed", "1"})["nll"]);
  const auto all = score({"--full"});
  CHECK(all["tokens"].get<int64_t>() > 50);
  CHECK(all["settings"]["sample"] == "all");
  const auto by_word = score({"--full", "--task", "masked-word"});
  CHECK(by_word["metric"] == "pseudo-perplexity by word");
  CHECK(by_word["nll"] != all["nll"]);
  const auto wrong = run({"perplexity", model, "--text", file, "--task", "causal"});
  CHECK(wrong.status == 1);
}

TEST_CASE("a word ends at white space too, where the vocabulary marks none") {
  const TemporaryFolder folder;
  folder.write("text.txt", "It ended.\nNew words came.\n");
  const std::string tokens = folder / "tokens.jsonl";
  REQUIRE(run({"perplexity", source_path("weights/masked-rope").string(), "--text",
               folder / "text.txt", "--task", "masked-word", "--full", "--per-token", tokens})
              .status == 0);
  std::vector<nlohmann::json> rows;
  std::istringstream lines(read_text(tokens));
  for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
  int ends = 0;
  for (const auto& row : rows) {  // a full stop hides neither the line end nor the next word
    if (row["token"] != ".") continue;
    ++ends;
    CHECK(row["context_length"].get<size_t>() == rows.size() - 1);
  }
  CHECK(ends == 2);
}

TEST_CASE("a target is scored given its source, a line each") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "t5/lm");
  const auto text = folder.write("target.txt", "the cat\nof it\n");
  const auto source = folder.write("source.txt", "a\nb c\n");
  const auto result =
      run({"perplexity", model, "--text", text, "--source", source, "--json"}).json();
  CHECK(result["metric"] == "perplexity given a source");
  CHECK(result["tokens"] == 7);  // the c ##a ##t, of i ##t
  const auto other = folder.write("other.txt", "z\nb c\n");
  CHECK(run({"perplexity", model, "--text", text, "--source", other, "--json"}).json()["nll"] !=
        result["nll"]);
  const auto short_source = folder.write("short.txt", "a\n");
  CHECK(run({"perplexity", model, "--text", text, "--source", short_source}).status == 1);
}

}  // namespace
}  // namespace locus::tests
