#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const std::string alibi = source_path("weights/causal-alibi").string();
const std::string rope = source_path("weights/causal-rope").string();
const std::string text = source_path("weights/text/the_interpreter.txt").string();

std::vector<std::string> comparison(std::vector<std::string> more) {
  std::vector<std::string> arguments{"compare", alibi, rope, "--text", text, "--lengths", "64,256"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

const nlohmann::json& model(const nlohmann::json& result, const std::string& name) {
  for (const auto& each : result["groups"][0]["models"]) {
    if (each["name"] == name) return each;
  }
  FAIL("no model ", name);
  return result;
}

}  // namespace

TEST_CASE("a comparison's figures are those of perplexity, its difference that of its figures") {
  const auto result = run(comparison({"--baseline", "causal-rope", "--json"})).json();
  REQUIRE(result["groups"].size() == 1);
  CHECK(result["groups"][0]["metric"] == "perplexity");
  CHECK(result["groups"][0]["baseline"] == "causal-rope");
  const auto alone =
      run({"perplexity", alibi, "--text", text, "--context", "256", "--json"}).json();
  const auto& compared = model(result, "causal-alibi");
  CHECK(compared["nll"] == alone["nll"]);
  CHECK(compared["bits_per_byte"] == alone["bits_per_byte"]);
  CHECK(compared["tokens"] == alone["tokens"]);
  const double difference = compared["bits_per_byte"].get<double>() -
                            model(result, "causal-rope")["bits_per_byte"].get<double>();
  CHECK(compared["comparison"]["difference"].get<double>() == doctest::Approx(difference));
  CHECK(compared["comparison"]["verdict"] == "too few units");  // of 1,688 bytes in all
  CHECK(model(result, "causal-rope")["comparison"].is_null());
  for (const auto& point : compared["loss_by_length"]) {
    CHECK(point["tokens"] == compared["loss_by_length"][0]["tokens"]);
  }
}

TEST_CASE("every form of a comparison says under which conditions its figures were had") {
  const TemporaryFolder folder;
  const auto shown = run(comparison({"--markdown", folder / "table.md", "--report",
                                     folder / "page.html", "--out", folder / "result.json"}))
                         .out;
  const auto alone = run({"perplexity", alibi, "--text", text, "--json"}).json();
  const auto result = nlohmann::json::parse(read_text(folder / "result.json"));
  const auto& compared = model(result, "causal-alibi");
  CHECK(compared["context"] == 256);
  CHECK(compared["stride"] == 128);
  CHECK(compared["convention"] == "sliding");
  CHECK(compared["tokens"] == alone["tokens"]);
  const std::string sentence =
      "Conditions: windows of 256 tokens, stride 128 (sliding); " +
      std::to_string(alone["tokens"].get<int>()) +
      " tokens scored; units: " + std::to_string(compared["units"]["bits"].size()) +
      ", each a block of a document (" + compared["unit"].get<std::string>() + ").";
  const auto joined = [](std::string lines) {
    for (size_t at = lines.find("\n  "); at != lines.npos; at = lines.find("\n  ")) {
      lines.replace(at, 3, " ");
    }
    return lines;
  };
  CHECK(joined(shown).find(sentence) != std::string::npos);
  CHECK(read_text(folder / "table.md").find(sentence) != std::string::npos);
  CHECK(read_text(folder / "page.html").find(sentence) != std::string::npos);
  CHECK(result["groups"][0]["notes"][0] == sentence);

  const auto other = run({"compare", alibi, "--text", text, "--lengths", "64", "--convention",
                          "disjoint", "--context", "128"})
                         .out;
  CHECK(joined(other).find("windows of 128 tokens (disjoint); ") != std::string::npos);
}

void check_lines_fit(const std::string& shown) {
  for (size_t begin = 0; begin < shown.size();) {
    const size_t end = std::min(shown.find('\n', begin), shown.size());
    const std::string line = shown.substr(begin, end - begin);
    CAPTURE(line);
    CHECK(line.size() <= 80);
    CHECK(line.find("\u2026") == std::string::npos);
    begin = end + 1;
  }
}

/// The same model with fewer merges, of a training that nobody knows.
void copy_with_other_tokens(const std::filesystem::path& model, const std::filesystem::path& as) {
  std::filesystem::copy(model, as);
  std::filesystem::remove(as / "training.json");
  const auto file = as / "tokenizer.json";
  auto tokenizer = nlohmann::json::parse(read_text(file));
  auto& merges = tokenizer["model"]["merges"];
  merges.erase(merges.begin() + static_cast<std::ptrdiff_t>(merges.size() / 2), merges.end());
  std::ofstream(file) << tokenizer.dump();
}

TEST_CASE("no line of a comparison is wider than 80 columns, and none is cut") {
  const std::string manual = source_path("weights/text/tide_gauge_manual.txt").string();
  const auto compared = [&](const std::filesystem::path& folder) {
    return run({"compare", folder.string(), source_path("weights/causal-transformer-xl").string(),
                source_path("weights/masked-relative_key").string(), "--sample", "20", "--text",
                manual, "--lengths", "16,32,64,96,128,192,256,384"})
        .out;
  };
  const std::string alike = compared(source_path("weights/causal-sinusoidal"));
  check_lines_fit(alike);
  for (const char* length : {"    16", "   128", "   384"}) {
    CHECK(alike.find(length) != std::string::npos);
  }
  const TemporaryFolder folder;
  copy_with_other_tokens(source_path("weights/causal-sinusoidal"),
                         folder / "causal-of-other-tokens");
  const std::string of_other_tokens = compared(folder / "causal-of-other-tokens");
  check_lines_fit(of_other_tokens);
  CHECK(of_other_tokens.find(
            "In the tokens of causal-transformer-xl (1), of causal-of-other-tokens (2).") !=
        std::string::npos);
}

TEST_CASE("one long document is cut into blocks, on which a verdict can rest") {
  const std::string manual = source_path("weights/text/tide_gauge_manual.txt").string();
  const auto result = run({"compare", alibi, rope, "--text", manual, "--lengths", "64,256",
                           "--baseline", "causal-rope", "--json"})
                          .json();
  const auto& compared = model(result, "causal-alibi");
  CHECK(compared["unit"].get<std::string>().starts_with("paragraphs of at least"));
  CHECK(compared["comparison"]["units"].get<size_t>() >= 12);
  CHECK(compared["comparison"]["verdict"] != "too few units");
}

TEST_CASE("the interval of one long document is that of its blocks, and has ends") {
  const auto shown = run(comparison({})).out;
  CHECK(shown.starts_with("1 document, "));
  CHECK(shown.find("inf") == std::string::npos);
}

TEST_CASE("both figures of a masked model are those of perplexity") {
  const std::string roformer = source_path("weights/masked-rope").string();
  const auto result = run({"compare", roformer, "--text", text, "--sample", "40", "--json"}).json();
  REQUIRE(result["groups"].size() == 2);
  for (const size_t index : {0, 1}) {
    const auto alone = run({"perplexity", roformer, "--text", text, "--sample", "40", "--task",
                            index == 0 ? "masked" : "masked-word", "--json"})
                           .json();
    CHECK(result["groups"][index]["models"][0]["nll"] == alone["nll"]);
  }
}

TEST_CASE("a comparison gives the same bytes for any number of threads") {
  const TemporaryFolder folder;
  run(comparison({"--threads", "1", "--out", folder / "one.json", "--csv", folder / "one.csv"}));
  run(comparison({"--threads", "2", "--out", folder / "two.json", "--csv", folder / "two.csv"}));
  CHECK(read_text(folder / "one.json") == read_text(folder / "two.json"));
  CHECK(read_text(folder / "one.csv") == read_text(folder / "two.csv"));
}

TEST_CASE("a written comparison can be verified, and a changed one is found out") {
  const TemporaryFolder folder;
  for (const char* name : {"a.txt", "b.txt", "c.txt", "d.txt"}) {
    folder.write("texts/" + std::string(name), read_text(text).substr(name[0] - 'a', 600));
  }
  const std::string texts = folder / "texts", file = folder / "result.json";
  REQUIRE(run({"compare", alibi, rope, "--text", texts, "--lengths", "64", "--out", file}).status ==
          0);
  const auto verified = [&](const std::string& name) {
    return run({"compare", alibi, rope, "--text", texts, "--verify", folder / name, "--json"});
  };
  const auto held = verified("result.json");
  CHECK(held.status == 0);
  CHECK(held.json()["ok"] == true);
  CHECK(held.json()["checks"].size() > 20);

  const auto wrong_after = [&](auto change) {
    auto result = nlohmann::ordered_json::parse(read_text(file));
    change(result["groups"][0]["models"][0]);
    folder.write("changed.json", result.dump());
    const auto found = verified("changed.json");
    CHECK(found.status == 1);
    std::vector<std::string> wrong;
    const auto report = found.json();
    for (const auto& check : report["checks"]) {
      const std::string what = check["check"];
      if (!check["ok"]) wrong.push_back(what.substr(what.find(", ") + 2));
    }
    return wrong;
  };
  using Names = std::vector<std::string>;
  CHECK(wrong_after([](auto& model) { model["perplexity"] = 3.0; }) == Names{"perplexity"});
  CHECK(wrong_after([](auto& model) { model["files"]["config.json"] = "00"; }) ==
        Names{"config.json"});
  CHECK(wrong_after([](auto& model) {
          for (auto& bits : model["units"]["bits"]) bits = bits.template get<double>() * 1.01;
        }).size() > 4);
  folder.write("other.json", "{}");
  CHECK(verified("other.json").status == 1);
  CHECK(verified("other.json").out.empty());
}

TEST_CASE("the report holds everything that it shows, in English and in Chinese") {
  const TemporaryFolder folder;
  for (const std::string language : {"en", "zh"}) {
    CAPTURE(language);
    const auto file = folder / (language + ".html");
    REQUIRE(run(comparison({"--report", file, "--language", language})).status == 0);
    const std::string page = read_text(file);
    CHECK(page.find("<html lang=\"" + language + "\">") != std::string::npos);
    CHECK(page.find("{{") == std::string::npos);
    CHECK(page.find("causal-alibi") != std::string::npos);
    for (const char* outside : {"<script src", "<link", "@import", "<img"}) {
      CHECK(page.find(outside) == std::string::npos);
    }
    CHECK(page.size() < 3'000'000);
    const bool chinese = page.find("困惑度") != std::string::npos;
    CHECK(chinese == (language == "zh"));
  }
}

TEST_CASE("a comparison refuses what it cannot do and writes nothing") {
  const TemporaryFolder folder;
  const auto report = folder / "report.html";
  const auto refused = [&](std::vector<std::string> more, int status) {
    std::vector<std::string> arguments{"compare", alibi, rope, "--report", report};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CAPTURE(more.back());
    const auto result = run(arguments);
    CHECK(result.status == status);
    CHECK(result.out.empty());
    CHECK_FALSE(result.err.empty());
    CHECK_FALSE(std::filesystem::exists(report));
  };
  refused({"--text", text, "--baseline", "absent"}, 1);
  refused({"--text", text, "--out", folder / "absent/result.json"}, 1);
  refused({"--text", text, "--language", "fr"}, 2);
  refused({"--text", folder / "absent.txt"}, 1);
  folder.write("empty.txt", "");
  refused({"--text", folder / "empty.txt"}, 1);
  folder.write("binary.txt", std::string("\xff\xfe\x00\x01", 4));
  refused({"--text", folder / "binary.txt"}, 1);
}
