// What training.json, floors and seeds do to a comparison.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const std::string manual = source_path("weights/text/tide_gauge_manual.txt").string();

struct Block {
  std::string encoding;
  int seed = 1;
  std::string rate = "0.003";
};

/// A shipped model with a training block that says something else.
std::string trained(const TemporaryFolder& folder, const std::string& name,
                    const std::string& weights, const Block& block) {
  std::filesystem::copy(source_path("weights/" + weights), folder / name,
                        std::filesystem::copy_options::recursive);
  folder.write(name + "/training.json",
               R"({"format": 1, "kind": "causal", "encoding": ")" + block.encoding +
                   R"(", "recipe": {"tokens": 1000, "adamw": {"peak_rate": )" + block.rate +
                   R"(}, "vocabulary": "00"}, "position_scale": null, "seed": )" +
                   std::to_string(block.seed) +
                   R"(, "tokens_seen": 1000, "curve": [{"context": 256, "tokens": 500,
                   "validation": 5.5}, {"context": 256, "tokens": 1000, "validation": 5.0}]})");
  return (folder / name).string();
}

nlohmann::json compared(std::vector<std::string> models, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"compare"};
  arguments.insert(arguments.end(), models.begin(), models.end());
  for (const char* each :
       {"--text", manual.c_str(), "--lengths", "64", "--convention", "disjoint", "--json"}) {
    arguments.emplace_back(each);
  }
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments).json();
}

const nlohmann::json& row(const nlohmann::json& result, const std::string& name) {
  for (const auto& group : result["groups"]) {
    for (const auto& each : group["models"]) {
      if (each["name"] == name) return each;
    }
  }
  FAIL("no model ", name);
  return result;
}

bool noted(const nlohmann::json& result, const std::string& part) {
  const auto& notes = result["groups"][0]["notes"];
  return std::ranges::any_of(notes, [&](const nlohmann::json& note) {
    return note.get<std::string>().find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("seeds of one configuration are one row, and verdicts over them are of encodings") {
  const TemporaryFolder folder;
  const std::vector<std::string> models{trained(folder, "a-seed1", "causal-alibi", {"a", 1}),
                                        trained(folder, "a-seed2", "causal-t5", {"a", 2}),
                                        trained(folder, "b-seed1", "causal-none", {"b", 1}),
                                        trained(folder, "b-seed2", "causal-learned", {"b", 2})};
  const auto result = compared(models, {"--baseline", "b"});
  REQUIRE(result["groups"][0]["models"].size() == 2);
  const auto& a = row(result, "a");
  const auto& b = row(result, "b");
  REQUIRE(a["runs"].size() == 2);
  CHECK(a["runs"][0]["name"] == "a-seed1");
  const auto mean = [](const nlohmann::json& model) {
    return (model["runs"][0]["bits_per_byte"].get<double>() +
            model["runs"][1]["bits_per_byte"].get<double>()) /
           2;
  };
  CHECK(a["bits_per_byte"].get<double>() == doctest::Approx(mean(a)));
  CHECK(a["comparison"]["of"] == "encodings");
  CHECK(a["comparison"]["difference"].get<double>() == doctest::Approx(mean(a) - mean(b)));
  CHECK(result["groups"][0]["recipes"]["trained_alike"] == true);
  // Two seeds of one configuration move more than the margin that was asked for.
  const auto& group = result["groups"][0];
  const double moved = group["seeds"]["min_difference"];
  CHECK(moved > 0.005);
  CHECK(group["margin_bits_per_byte"] == (moved <= 0.1 ? moved : 0.005));
  CHECK(noted(result, "Two seeds of one configuration differ by up to"));
  CHECK(noted(result, "of the encodings under one recipe"));

  const TemporaryFolder kept;
  REQUIRE(run({"compare", models[0], models[1], "--text", manual, "--lengths", "64", "--convention",
               "disjoint", "--out", kept / "seeds.json"})
              .status == 0);
  const auto with_file = compared({models[0], models[2], models[3]},
                                  {"--baseline", "b-seed2", "--seeds", kept / "seeds.json"});
  CHECK(row(with_file, "a-seed1")["runs"].size() == 2);
  CHECK(row(with_file, "a-seed1")["comparison"]["p"] == a["comparison"]["p"]);
  CHECK(row(with_file, "a-seed1")["word_perplexity"] == a["word_perplexity"]);
  CHECK(row(with_file, "a-seed1")["top1"] == a["top1"]);
  CHECK(row(with_file, "a-seed1")["loss_by_length"] == a["loss_by_length"]);
  const auto top1 = [&](size_t run) { return a["runs"][run]["top1"].get<double>(); };
  CHECK(a["top1"].get<double>() == doctest::Approx((top1(0) + top1(1)) / 2));
  const auto refused = run({"compare", models[0], "--text", manual, "--lengths", "64", "--seeds",
                            kept / "seeds.json"});  // sliding windows, not disjoint ones
  CHECK(refused.status == 1);
  CHECK(refused.err.find("figures of the same windows") != std::string::npos);

  const auto verified = [&](const std::string& file) {
    std::vector<std::string> arguments{"compare", "--text", manual,         "--verify",
                                       file,      "--json", "--convention", "disjoint"};
    arguments.insert(arguments.begin() + 1, models.begin(), models.end());
    return run(arguments).json();
  };
  kept.write("all.json", result.dump());
  CHECK(verified(kept / "all.json")["ok"] == true);
}

TEST_CASE("equal weights under two seeds are one run, which a line names") {
  const TemporaryFolder folder;
  const auto result = compared({trained(folder, "a-seed1", "causal-alibi", {"a", 1}),
                                trained(folder, "a-seed2", "causal-alibi", {"a", 2}),
                                trained(folder, "b", "causal-none", {"b", 1})},
                               {"--baseline", "b"});
  REQUIRE(result["groups"][0]["models"].size() == 2);
  const auto& a = row(result, "a-seed1");
  CHECK(a["runs"].size() == 1);
  CHECK(a["repeated_runs"] == nlohmann::json::array({{{"name", "a-seed2"}, {"of", "a-seed1"}}}));
  CHECK(a["comparison"]["of"] == "files");
  CHECK(noted(result, "a-seed2 is a-seed1 again"));
}

TEST_CASE(
    "one seed a model says nothing of encodings, and other recipes are named field by field") {
  const TemporaryFolder folder;
  const auto a = trained(folder, "a", "causal-alibi", {"a"});
  const auto b = trained(folder, "b", "causal-none", {"b", 1, "0.0015"});
  const auto result = compared({a, b}, {"--baseline", "b"});
  CHECK(row(result, "a")["comparison"]["of"] == "files");
  const auto& recipes = result["groups"][0]["recipes"];
  CHECK(recipes["trained_alike"] == false);
  CHECK(recipes["differences"] ==
        nlohmann::json{{"adamw.peak_rate", {{"0.003", {"a"}}, {"0.0015", {"b"}}}}});
  CHECK(noted(result, "Recipes differ: adamw.peak_rate is 0.0015 (b), 0.003 (a)."));
  CHECK(noted(result, "not for their encodings"));
}

TEST_CASE("models of which one came without a training block get no verdict of each other") {
  const TemporaryFolder folder;
  const auto a = trained(folder, "a", "causal-alibi", {"a"});
  const auto old = trained(folder, "causal-none", "causal-none", {"none"});
  std::filesystem::remove(old + "/training.json");
  const auto result = compared({a, old}, {"--baseline", "a"});
  CHECK(row(result, "causal-none")["comparison"].is_null());
  CHECK(row(result, "causal-none")["no_verdict"] == "training known of one");
  CHECK(noted(result, "How causal-none came about is not known"));
  CHECK(result["groups"][0]["finding"].get<std::string>().find("causal-none") == std::string::npos);
  CHECK(result["groups"][0]["recipes"]["trained_alike"] == false);
  folder.write("a/training.json", R"({"format": 2})");
  const auto broken = compared({a, old});
  REQUIRE(broken["failed"].size() == 1);
  CHECK(broken["failed"][0]["name"] == "a");
}

TEST_CASE("a model that counts of tokens nearly reach is not trained: no baseline, no verdict") {
  const auto none = source_path("weights/masked-none").string();
  const auto nezha = source_path("weights/masked-nezha").string();
  const std::vector<std::string> arguments{"compare", none, nezha, "--sample", "50"};
  auto with_json = arguments;
  with_json.emplace_back("--json");
  const auto result = run(with_json).json();
  CHECK(row(result, "masked-none")["status"] == "not trained");
  CHECK(row(result, "masked-none")["comparison"].is_null());
  CHECK(row(result, "masked-none")["no_verdict"] == "not trained");
  CHECK(row(result, "masked-nezha")["status"] == "trained");
  CHECK(result["groups"][0]["baseline"] == "masked-nezha");
  const auto& floors = row(result, "masked-nezha")["floors"];
  REQUIRE(floors.size() == 2);
  CHECK(floors[1]["floor"] == "document counts");
  CHECK(floors[1]["lead"].get<double>() ==
        doctest::Approx(floors[1]["bits_per_byte"].get<double>() -
                        row(result, "masked-nezha")["bits_per_byte"].get<double>()));
  auto wished = arguments;
  wished.insert(wished.end(), {"--baseline", "masked-none"});
  const auto shown = run(wished).out;
  CHECK(shown.find("not trained") != std::string::npos);
  CHECK(shown.find("floor: document counts") != std::string::npos);
  CHECK(shown.find("cannot be one here") != std::string::npos);
}
