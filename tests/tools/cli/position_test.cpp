#include <doctest/doctest.h>

#include <cmath>

#include "engine/scheme.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/output/npy.hpp"

namespace locus::tests {
namespace {

// The charts of a page, as its script reads them.
nlohmann::json charts_of(const std::string& page) {
  const std::string mark = "type=\"application/json\">";
  const size_t begin = page.find(mark) + mark.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

TEST_CASE("a misspelt scheme suggests the nearest") {
  CHECK(run({"position", "rop:base=9"})
            .err.find("rop:base=9: expected a scheme that `locus position --list` prints or a "
                      "model, as rope") != std::string::npos);
}

TEST_CASE("the default picture is the sinusoid of 32 positions and 128 dimensions") {
  const auto document = run({"position", "sinusoidal", "--json"}).json();
  CHECK(document["length"] == 32);
  CHECK(document["dimension"] == 128);
  const auto& matrix = document["matrix"];
  CHECK(matrix[1][0].get<double>() == doctest::Approx(0.8414710).epsilon(1e-6));
  CHECK(matrix[31][3].get<double>() == doctest::Approx(-0.1408862).epsilon(1e-5));
  double sum = 0;
  for (const auto& row : matrix) {
    for (const double value : row) sum += value;
  }
  CHECK(sum == doctest::Approx(1705.9471302).epsilon(1e-7));
  CHECK(document["inner_products"][5][5].get<double>() == doctest::Approx(64).epsilon(1e-5));
  CHECK(document["bias"].is_null());
}

TEST_CASE("a bias is given by head and distance") {
  const auto document =
      run({"position", "alibi", "--heads", "12", "--length", "4", "--json"}).json();
  CHECK(document["distances"] == nlohmann::json::array({-3, -2, -1, 0, 1, 2, 3}));
  CHECK(document["bias"].size() == 12);
  CHECK(document["bias"][0][0].get<double>() == doctest::Approx(-1.5));
  CHECK(document["bias"][8][2].get<double>() == doctest::Approx(-0.707107).epsilon(1e-5));
  CHECK(document["matrix"].is_null());
}

TEST_CASE("a rotation is given by its decay with distance") {
  const auto document =
      run({"position", "rope", "--dimension", "2", "--length", "3", "--json"}).json();
  CHECK(document["rotates"] == true);
  CHECK(document["decay"][0].get<double>() == doctest::Approx(1));
  CHECK(document["decay"][2].get<double>() == doctest::Approx(std::cos(2.0)));
}

TEST_CASE("indicators say what kind of distance an encoding makes of positions") {
  const auto indicators = [](const std::string& scheme) {
    return run({"position", scheme, "--dimension", "64", "--length", "24", "--json"})
        .json()["indicators"];
  };
  const auto alibi = indicators("alibi");  // -m |i - j|
  CHECK(alibi["translation_invariance"].get<double>() == doctest::Approx(1));
  CHECK(alibi["monotonicity"].get<double>() == doctest::Approx(1));
  CHECK(alibi["symmetry"].get<double>() == doctest::Approx(1));
  const auto sinusoid = indicators("sinusoidal");  // sum of cosines of the distance
  CHECK(sinusoid["translation_invariance"].get<double>() == doctest::Approx(1));
  CHECK(sinusoid["symmetry"].get<double>() == doctest::Approx(1));
  CHECK(sinusoid["monotonicity"].get<double>() < 1);
  CHECK(sinusoid["monotonicity"].get<double>() > 0.5);
  const auto learned = indicators("learned");  // random: equal to itself alone
  CHECK(learned["symmetry"].get<double>() == doctest::Approx(1));
  CHECK(learned["translation_invariance"].get<double>() < 0.99);
  CHECK(indicators("shaw")["symmetry"].get<double>() < 0.99);
  CHECK(indicators("fire")["translation_invariance"].get<double>() < 0.999);
  CHECK(indicators("none").is_null());
}

TEST_CASE("every scheme can be looked at, plain and as JSON") {
  for (const auto& scheme : schemes()) {
    CAPTURE(scheme.name);
    const auto plain = run({"position", scheme.name, "--dimension", "16", "--length", "8"});
    CHECK(plain.status == 0);
    CHECK(plain.out.starts_with(scheme.name));
    CHECK(plain.out.find("\033[") == std::string::npos);
    const auto document =
        run({"position", scheme.name, "--dimension", "16", "--length", "8", "--json"}).json();
    CHECK(document.contains("untrained") == scheme.traits.learned);
  }
}

TEST_CASE("the list has every scheme with its parameters, defaults and source") {
  const auto list = run({"position", "--list", "--json"}).json();
  REQUIRE(list.size() == schemes().size());
  for (size_t i = 0; i < list.size(); ++i) {
    CHECK(list[i]["name"] == schemes()[i].name);
    CHECK_FALSE(list[i]["source"].get<std::string>().empty());
    CHECK(list[i]["parameters"].size() == schemes()[i].parameters.size());
  }
  const auto plain = run({"position", "--list"});
  for (const auto& scheme : schemes()) {
    CHECK(plain.out.find(scheme.source.substr(0, 20)) != std::string::npos);
  }
}

TEST_CASE("files of each format hold the same matrix") {
  const TemporaryFolder folder;
  for (const char* name : {"a.npy", "a.json", "a.csv"}) {
    CHECK(
        run({"position", "sinusoidal", "--dimension", "4", "--length", "3", "--out", folder / name})
            .status == 0);
  }
  const auto stored = cli::read_npy(folder / "a.npy");
  CHECK(stored.shape() == Shape{3, 4});
  const auto document = nlohmann::json::parse(read_text(folder / "a.json"));
  CHECK(document["matrix"][2][3].get<float>() == stored.view()(2, 3));
  const auto csv = read_text(folder / "a.csv");
  CHECK(csv.starts_with("position,0,1,2,3\n0,0,1,0,1\n1,0.841470"));
  CHECK(run({"position", "sinusoidal", "--out", folder / "a.png"}).status == 2);
}

TEST_CASE("a page shows what a model makes of positions while it reads") {
  const TemporaryFolder folder;
  const auto file = folder / "page.html";
  const std::string model = source_path("weights/causal-learned").string();
  const std::string text = source_path("weights/text/the_interpreter.txt").string();
  REQUIRE(run({"position", model, "--text", text, "--out", file}).status == 0);
  const auto drawn = charts_of(read_text(file))["sections"];
  REQUIRE(drawn.size() == 3);  // the table, tokens against positions, attention
  const auto& norms = drawn[1][0]["table"]["rows"];
  double longest = 0, median = 0;
  for (const auto& row : norms) {
    const double norm = std::stod(row[2].get<std::string>());
    if (row[0] == "positions") longest = std::max(longest, norm);
    if (row[0] == "tokens, median") median = norm;
  }
  CHECK(longest > 0);
  CHECK(median > 0);
  CHECK(drawn[1][1]["table"]["rows"].size() == 24);  // words
  REQUIRE(drawn[2].size() == 4);                     // layers
  for (const auto& layer : drawn[2]) {
    REQUIRE(layer["table"]["rows"].size() == 5);  // heads
    for (const auto& row : layer["table"]["rows"]) {
      double sum = 0;
      for (size_t bin = 1; bin < row.size(); ++bin) sum += std::stod(row[bin].get<std::string>());
      CHECK(sum == doctest::Approx(1).epsilon(1e-3));
    }
  }
  CHECK(run({"position", model, "--text", text}).status == 2);
  CHECK(run({"position", "rope", "--text", text, "--out", file}).status == 2);
}

TEST_CASE("a page draws what an encoding does and holds its numbers") {
  const TemporaryFolder folder;
  struct Row {
    const char* scheme;
    std::vector<std::string> charts;
  };
  const std::vector<Row> rows{
      {"sinusoidal", {"Added vectors", "Inner products of positions"}},
      {"rope", {"Rotated vector", "Inner products of positions", "Decay with distance"}},
      {"alibi", {"Bias", "Bias against distance"}},
      {"nezha", {"Response", "Response against distance"}},
      {"learned+rope", {"Added vectors", "Inner products of positions", "Decay with distance"}},
      {"none", {}},
  };
  for (const auto& [scheme, charts] : rows) {
    const auto& shown = scheme;
    CAPTURE(shown);
    const auto file = folder / "page.html";
    REQUIRE(run({"position", scheme, "--length", "300", "--heads", "20", "--out", file}).status ==
            0);
    const std::string page = read_text(file);
    const auto drawn = charts_of(page);
    std::vector<std::string> titles;
    for (const auto& chart : drawn["sections"][0]) {
      titles.push_back(chart["title"]);
      CHECK_FALSE(chart["specification"].is_null());
      const auto& table = chart.at("table");  // of a matrix the picture has the values
      CHECK_FALSE(table.at(table.contains("rows") ? "rows" : "names").empty());
    }
    CHECK(titles == charts);
    CHECK(page.size() < 3'000'000);
    CHECK((page.find("changes neither") != std::string::npos) == charts.empty());
  }
}

TEST_CASE("a table is recognised by its variant") {
  const TemporaryFolder folder;
  const auto file = folder / "table.npy";
  for (const std::string variant :
       {"sinusoidal", "sinusoidal:layout=halves", "sinusoidal:denominator=t2t,layout=halves",
        "sinusoidal:exponent=doubled", "sinusoidal:start=1", "rope:pairing=half"}) {
    CAPTURE(variant);
    CHECK(run({"position", variant, "--dimension", "32", "--length", "20", "--out", file}).status ==
          0);
    const auto scheme = variant.substr(0, variant.find(':'));
    const auto match = run({"position", scheme, "--check", file, "--json"}).json();
    CHECK(match["equal"] == true);
    CHECK(parse_encoding(match["variant"].get<std::string>()) == parse_encoding(variant));
  }
}

TEST_CASE("a bias is recognised by distance, and by query and key") {
  const TemporaryFolder folder;
  const auto file = folder / "bias.npy";
  CHECK(run({"position", "alibi:form=causal", "--heads", "6", "--length", "9", "--out", file})
            .status == 0);
  const auto bias = cli::read_npy(file);
  CHECK(bias.shape() == Shape{6, 17});
  CHECK(run({"position", "alibi", "--check", file, "--json"}).json()["variant"] ==
        "alibi:form=causal");
  Tensor square({6, 9, 9});
  for (int64_t head = 0; head < 6; ++head) {
    for (int64_t i = 0; i < 9; ++i) {
      for (int64_t j = 0; j < 9; ++j) square.view()(head, i, j) = bias.view()(head, 8 + j - i);
    }
  }
  cli::write_npy(file, square.shape(), square.values());
  CHECK(run({"position", "alibi", "--check", file, "--json"}).json()["variant"] ==
        "alibi:form=causal");
  CHECK(run({"position", "none", "--check", file}).status == 1);
}

TEST_CASE("a long table is held against every row") {
  const TemporaryFolder folder;
  const auto file = folder / "table.npy";
  run({"position", "sinusoidal:layout=halves", "--dimension", "16", "--length", "300", "--out",
       file});
  auto table = cli::read_npy(file);
  table.view()(250, 3) += 1;
  cli::write_npy(file, table.shape(), table.values());
  const auto match = run({"position", "sinusoidal", "--check", file, "--json"}).json();
  CHECK(match["variant"] == "sinusoidal:layout=halves");
  CHECK(match["first_difference"]["cell"] == nlohmann::json::array({250, 3}));
}

TEST_CASE("a wrong cell is named with what was expected") {
  const TemporaryFolder folder;
  const auto file = folder / "table.npy";
  run({"position", "sinusoidal", "--dimension", "8", "--length", "6", "--out", file});
  auto table = cli::read_npy(file);
  table.view()(4, 5) += 0.25f;
  cli::write_npy(file, table.shape(), table.values());
  const auto match = run({"position", "sinusoidal", "--check", file, "--json"}).json();
  CHECK(match["equal"] == false);
  CHECK(match["variant"] == "sinusoidal");
  CHECK(match["first_difference"]["cell"] == nlohmann::json::array({4, 5}));
  CHECK(match["first_difference"]["found"].get<double>() -
            match["first_difference"]["expected"].get<double>() ==
        doctest::Approx(0.25).epsilon(1e-5));
  const auto plain = run({"position", "sinusoidal", "--check", file});
  CHECK(plain.out.find("[4, 5]") != std::string::npos);
}

TEST_CASE("a model's own encodings are shown") {
  const auto learned = run({"position", golden_model("bert/lm"), "--json"}).json();
  CHECK(learned["encoding"] == "learned");
  CHECK(learned["matrix"].size() == 32);
  CHECK(learned["dimension"] == 60);
  CHECK_FALSE(learned.contains("untrained"));
  const auto both = run({"position", golden_model("t5/lm"), "--json"}).json();
  REQUIRE(both.size() == 2);
  CHECK(both[0]["bias"].size() == 5);
  CHECK(run({"position", golden_model("t5/lm"), "--name", "none"}).status == 1);
}

}  // namespace
}  // namespace locus::tests
