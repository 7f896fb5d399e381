#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

#include "pipelines/probes.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

TEST_CASE("the probes of a causal and of a masked model hold figures, intervals and differences") {
  const std::string rope = source_path("weights/causal-rope").string();
  const std::string none = source_path("weights/causal-none").string();
  const TemporaryFolder folder;
  const auto result = run({"probe", rope, none, "--lengths", "64,128", "--trials", "12", "--json",
                           "--report", folder / "page.html", "--language", "zh", "--out",
                           folder / "probe.json", "--csv", folder / "probe.csv"});
  const std::string page = read_text(folder / "page.html");
  CHECK(page.find("causal-rope") != std::string::npos);
  CHECK(page.find("按距离的回忆") != std::string::npos);
  CHECK(result.status == 0);
  const auto json = result.json();
  REQUIRE(json["models"].size() == 2);
  for (const auto& model : json["models"]) {
    CHECK(model["recall_by_distance"].size() == 2);
    CHECK(model["recall_by_distance"][0]["distance"] == 46);
    CHECK(model["recall_by_distance"][0]["gain_by_position"].size() == 16);
    CHECK(model["passkey_map"].size() == 10);
    CHECK(model["passkey_map"][9]["length"] == 128);
    const double low = model["order"]["ci95"][0], high = model["order"]["ci95"][1];
    CHECK(low <= model["order"]["mean"]);
    CHECK(high >= model["order"]["mean"]);
  }
  const auto& against = json["models"][1]["recall"]["against_first"];
  CHECK(against["difference"].get<double>() ==
        doctest::Approx(json["models"][1]["recall"]["mean"].get<double>() -
                        json["models"][0]["recall"]["mean"].get<double>()));
  CHECK(json["models"][0]["recall"]["against_first"].is_null());
  CHECK(nlohmann::json::parse(read_text(folder / "probe.json")) == json);
  const std::string csv = read_text(folder / "probe.csv");
  // A heading; for each model three figures, two distances and ten cells of the map.
  CHECK(std::ranges::count(csv, '\n') == 1 + 2 * (3 + 2 + 10));
  std::istringstream lines(csv);
  std::string line, heading;
  std::getline(lines, heading);
  while (std::getline(lines, line)) {
    CHECK(std::ranges::count(line, ',') >= std::ranges::count(heading, ','));
    if (!line.starts_with("model,recall,causal-none,")) continue;
    std::array<char, 64> mean;
    std::snprintf(mean.data(), mean.size(), ",12,%.9g,",
                  json["models"][1]["recall"]["mean"].get<double>());
    CHECK(line.find(mean.data()) != std::string::npos);
    CHECK(line.find(",causal-rope,") != std::string::npos);
  }
  // A model with order prefers a sentence to the same with two words exchanged.
  CHECK(json["models"][0]["order"]["mean"].get<double>() > 0.7);

  const auto masked = run({"probe", source_path("weights/masked-rope").string(), "--lengths", "64",
                           "--trials", "2", "--kind", "order"});
  CHECK(masked.status == 0);
  CHECK(masked.out.find("word order") != std::string::npos);
  CHECK(masked.out.find("recall") == std::string::npos);
  const auto refused = run({"probe", source_path("weights/span-t5").string(), "--kind", "order"});
  CHECK(refused.status == 1);
  CHECK(refused.err.find("a causal or masked model") != std::string::npos);
}

TEST_CASE("a pair of word order differs in two neighbouring words of the text") {
  const std::vector<Document> documents{
      {"a", "The dog sat on the mat. No. It was very late here!"}};
  const auto pairs = word_order_pairs(documents, 10, 1);
  REQUIRE(pairs.size() == 2);
  for (const WordPair& pair : pairs) {
    CHECK(pair.right != pair.wrong);
    CHECK(pair.right.size() == pair.wrong.size());
    CHECK(pair.right.substr(0, 3) == pair.wrong.substr(0, 3));  // the first word stays
    CHECK(pair.right.back() == pair.wrong.back());
  }
}

TEST_CASE("lengths that no memory holds are refused before anything is opened") {
  for (const char* verb : {"probe", "bench"}) {
    const auto result = run({verb, "no-such-model", "--lengths", "64,100000000"});
    CHECK(result.status == 1);
    CHECK(result.err == "locus: --lengths: expected lengths from 1 to 1048576, found 100000000\n");
  }
}
