// What `compare` reads and writes: folders, JSON lines, results that are kept, tables.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cmath>
#include <filesystem>

#include "base/sha256.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const std::string alibi_folder = source_path("weights/causal-alibi").string();
const std::string interpreter = source_path("weights/text/the_interpreter.txt").string();

CommandResult compare_with(std::vector<std::string> models, std::vector<std::string> more) {
  std::vector<std::string> arguments{"compare", "--lengths", "64"};
  arguments.insert(arguments.end(), models.begin(), models.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

}  // namespace

TEST_CASE("a folder of models is its models, and a broken one is a row that says why") {
  const TemporaryFolder folder;
  for (const char* name : {"causal-alibi", "causal-rope"}) {
    std::filesystem::copy(source_path(std::string("weights/") + name), folder / name);
  }
  folder.write("broken/config.json", R"({"model_type": "no-such-family"})");
  folder.write("notes/readme.txt", "not a model");
  const auto result = compare_with({folder.path().string()}, {"--text", interpreter, "--json"});
  CHECK(result.status == 0);
  CHECK(result.err.find("no-such-family") != std::string::npos);
  const auto json = result.json();
  CHECK(json["groups"][0]["models"].size() == 2);
  REQUIRE(json["failed"].size() == 1);
  CHECK(json["failed"][0]["name"] == "broken");
  const auto shown = compare_with({folder.path().string()}, {"--text", interpreter});
  CHECK(shown.out.find("broken: not measured: ") != std::string::npos);
  CHECK(compare_with({folder / "broken"}, {"--text", interpreter}).status == 1);
}

TEST_CASE("two models of one name are told apart by their folders") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "a");
  std::filesystem::create_directories(folder / "b");
  std::filesystem::copy(alibi_folder, folder / "a/model");
  std::filesystem::copy(source_path("weights/causal-rope"), folder / "b/model");
  const auto json =
      compare_with({folder / "a/model", folder / "b/model"}, {"--text", interpreter, "--json"})
          .json();
  std::vector<std::string> names;
  for (const auto& model : json["groups"][0]["models"]) names.push_back(model["name"]);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"a/model", "b/model"});
}

TEST_CASE("JSON lines are a text for each line, compressed or not, and never prose") {
  const TemporaryFolder folder;
  const std::string text = read_text(interpreter);
  const std::string first = text.substr(0, 500), second = text.substr(500, 700);
  const auto lines = nlohmann::json{{"id", "1"}, {"text", first}}.dump() + "\n\n" +
                     nlohmann::json{{"id", "2"}, {"text", second}}.dump() + "\n";
  const auto file = folder.write("texts.jsonl", lines).string();
  folder.write("one.txt", first);
  folder.write("two.txt", second);
  const auto nll = [&](std::vector<std::string> texts) {
    texts.insert(texts.begin(), {"perplexity", alibi_folder, "--json"});
    return run(texts).json()["nll"].get<double>();
  };
  const double expected = nll({"--text", folder / "one.txt", "--text", folder / "two.txt"});
  CHECK(nll({"--text", file, "--field", "text"}) == expected);
  REQUIRE(std::system(("gzip -k " + file).c_str()) == 0);
  CHECK(nll({"--text", file + ".gz", "--field", "text"}) == expected);
  const auto compared =
      compare_with({alibi_folder}, {"--text", file, "--field", "text", "--json"}).json();
  CHECK(compared["settings"]["text"].size() == 2);

  const auto refused = run({"perplexity", alibi_folder, "--text", file});
  CHECK(refused.status == 1);
  CHECK(refused.err.find("--field with the key of the text (its first line has id, text)") !=
        std::string::npos);
  const auto prose = folder.write("prose.txt", lines).string();
  CHECK(run({"perplexity", alibi_folder, "--text", prose}).err.find("JSON lines") !=
        std::string::npos);
  const auto other = run({"perplexity", alibi_folder, "--text", file, "--field", "body"});
  CHECK(other.err.find("line 1: expected an object with a text 'body'") != std::string::npos);
  folder.write("cut.jsonl.gz", read_text(file + ".gz").substr(0, 60));
  CHECK(run({"perplexity", alibi_folder, "--text", folder / "cut.jsonl.gz", "--field", "text"})
            .err.find("a whole gzip file") != std::string::npos);
}

TEST_CASE("a limit draws blocks by the seed, for a comparison and for perplexity") {
  const auto asked = [](const std::string& seed) {
    return std::vector<std::string>{"--limit",   "3",  "--seed",       seed,      "--json",
                                    "--context", "64", "--convention", "disjoint"};
  };
  const auto compared = [&](const std::string& seed) {
    return compare_with({alibi_folder}, asked(seed)).json();
  };
  const auto hashes = [&](const std::string& seed) { return compared(seed)["settings"]["text"]; };
  const auto first = compared("1");
  CHECK(first["settings"]["text"].size() == 3);
  CHECK(hashes("1") == first["settings"]["text"]);
  CHECK(hashes("2") != first["settings"]["text"]);
  auto alone = asked("1");
  alone.insert(alone.begin(),
               {"perplexity", alibi_folder, "--text", source_path("weights/text").string()});
  const auto figure = run(alone).json();
  CHECK(figure["nll"] == first["groups"][0]["models"][0]["nll"]);
  CHECK(figure["tokens"] == first["groups"][0]["models"][0]["tokens"]);
}

TEST_CASE("windows are those that are asked for, as perplexity has them") {
  const std::vector<std::string> windows{"--text",       interpreter, "--context", "64",
                                         "--convention", "disjoint",  "--json"};
  const auto compared = compare_with({alibi_folder}, windows).json();
  auto alone = windows;
  alone.insert(alone.begin(), {"perplexity", alibi_folder});
  CHECK(compared["groups"][0]["models"][0]["nll"] == run(alone).json()["nll"]);
}

TEST_CASE("what a results folder holds is not measured again, unless anything changed") {
  const TemporaryFolder folder;
  const std::string results = folder / "results";
  const auto command = [&](const std::string& context) {
    return compare_with({alibi_folder}, {"--text", interpreter, "--results", results, "--context",
                                         context, "--json"});
  };
  const auto measured = [&](const std::string& context) { return command(context).json(); };
  const auto first = measured("64");
  CHECK(measured("64") == first);
  const auto files = std::filesystem::directory_iterator(results);
  const std::string file = begin(files)->path().string();
  auto stored = nlohmann::ordered_json::parse(read_text(file));
  const auto store = [&] {
    folder.write("results/" + std::filesystem::path(file).filename().string(), stored.dump());
  };
  stored["models"][0]["nll"] = 1.5;
  store();
  CHECK(measured("64") == first);  // the file is not what was written, and is written anew
  stored["sha256"] = sha256(stored["models"].dump());
  store();
  CHECK(measured("64")["groups"][0]["models"][0]["nll"] == 1.5);  // now it is
  CHECK(measured("128")["groups"][0]["models"][0]["nll"] != 1.5);
  std::filesystem::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);  // nobody would ever write into it
  const auto refused = command("64");
  CHECK(refused.status == 1);
  CHECK(refused.err ==
        "locus: " + file + ": expected a file with results, found a folder, a pipe or a device\n");
}

TEST_CASE("tables for papers and the table of everything hold what the comparison found") {
  const TemporaryFolder folder;
  const std::string manual = source_path("weights/text/tide_gauge_manual.txt").string();
  const auto json =
      compare_with({alibi_folder, source_path("weights/causal-rope").string()},
                   {"--text", manual, "--markdown", folder / "t.md", "--latex", folder / "t.tex",
                    "--csv", folder / "t.csv", "--figure", folder / "t.svg", "--json"})
          .json();
  const auto& models = json["groups"][0]["models"];
  const std::string markdown = read_text(folder / "t.md"), latex = read_text(folder / "t.tex");
  const std::string csv = read_text(folder / "t.csv");
  for (const auto& model : models) {
    const std::string name = model["name"], letters = model["letters"];
    CHECK_FALSE(letters.empty());
    CHECK(markdown.find("| " + name + " | 1 |") != std::string::npos);
    CHECK(latex.find(name + " & 1 & ") != std::string::npos);
    CHECK(csv.find("model,perplexity," + name) != std::string::npos);
    CHECK(csv.find("by_length,perplexity," + name) != std::string::npos);
    CHECK(csv.find("floor,perplexity," + name) != std::string::npos);
  }
  CHECK(latex.find("\\bottomrule") != std::string::npos);
  const std::string figure = read_text(folder / "t.svg");
  CHECK(figure.starts_with("<svg "));
  CHECK(figure.find(">causal-rope</text>") != std::string::npos);
  CHECK(figure.find("nan") == std::string::npos);
  const size_t columns =
      static_cast<size_t>(std::ranges::count(csv.substr(0, csv.find('\n')), ','));
  for (size_t begin = 0; begin < csv.size();) {
    const size_t end = csv.find('\n', begin);
    const std::string line = csv.substr(begin, end - begin);
    if (line.find('"') == std::string::npos) {
      CHECK(static_cast<size_t>(std::ranges::count(line, ',')) == columns);
    }
    begin = end + 1;
  }
}

TEST_CASE("a p at the floor of its permutations is printed as an upper bound") {
  const TemporaryFolder folder;
  const std::string all = read_text(source_path("weights/text/tide_gauge_manual.txt"));
  for (size_t i = 0; i < 40; ++i) {
    folder.write("texts/" + std::to_string(i + 10) + ".txt", all.substr(i * 210, 210));
  }
  const auto json = compare_with({alibi_folder, source_path("weights/causal-none").string()},
                                 {"--text", folder / "texts", "--baseline", "causal-none",
                                  "--markdown", folder / "t.md", "--json"})
                        .json();
  const auto& comparison = json["groups"][0]["models"][0]["comparison"];
  CHECK(comparison["units"] == 40);
  CHECK(comparison["p"] == 1.0 / 10001);
  CHECK(comparison["p_is_upper_bound"] == true);
  CHECK(read_text(folder / "t.md").find("\\< 0.0001") != std::string::npos);
}

TEST_CASE("where tokenizers differ a warning says so, and no figure per token is in the table") {
  const TemporaryFolder folder;
  const std::string letters = model_with_tokenizer(folder, "bert/lm");
  const std::string roformer = source_path("weights/masked-rope").string();
  const std::string text =
      folder.write("text.txt", "the old dog sat on the mat, and the cat ran to the door.").string();
  const std::vector<std::string> more{"--text", text, "--sample", "20"};
  const auto shown = compare_with({letters, roformer}, more);
  CHECK(shown.status == 0);
  CHECK(shown.err.find("pseudo-perplexity: tokenizers differ") != std::string::npos);
  CHECK(shown.out.find("by word") != std::string::npos);
  CHECK(shown.out.find("value") == std::string::npos);
  CHECK(shown.out.find("masked-rope (") != std::string::npos);  // whose tokens a floor counts
  auto with_json = more;
  with_json.emplace_back("--json");
  CHECK(compare_with({letters, roformer}, with_json).json()["groups"][0]["tokenizers_differ"] ==
        true);
  CHECK(compare_with({roformer}, more).err.empty());
}
