#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/paths.hpp"
#include "tests/tools/command.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

const std::string interpreter = source_path("weights/text/the_interpreter.txt").string();

nlohmann::json finding(const nlohmann::json& document, const std::string& what) {
  for (const auto& each : document["findings"]) {
    if (each["what"] == what) return each;
  }
  FAIL("no finding ", what);
  return {};
}

/// A copy of a shipped model with one value of its config changed.
std::string changed_model(const TemporaryFolder& folder, const std::string& key,
                          const nlohmann::json& value) {
  const std::string copy = folder / "model";
  fs::copy(source_path("weights/causal-rope"), copy);
  auto config = nlohmann::json::parse(read_text(copy + "/config.json"));
  config[key] = value;
  std::ofstream(copy + "/config.json") << config.dump();
  return copy;
}

TEST_CASE("the doctor says how a model was read, and by which key") {
  const auto document =
      run({"doctor", source_path("weights/causal-rope").string(), "--json"}).json();
  CHECK(finding(document, "family")["value"] == "gpt_neox");
  CHECK(finding(document, "encoding")["value"] == "rope:pairing=half");
  CHECK(finding(document, "encoding")["source"] == "rope_theta");
  CHECK(finding(document, "activation")["value"] == "gelu_new");
  CHECK(finding(document, "head")["value"] == "the table of token vectors");
  CHECK(finding(document, "attention")["value"] ==
        "5 heads of 32, scores by 1/sqrt(d), sees causal");
  CHECK_FALSE(finding(document, "activation")["assumed"].get<bool>());
  CHECK(document["contradictions"].empty());
  CHECK_FALSE(document.contains("readings"));
}

TEST_CASE("what no file says is assumed") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "hidden_act", nullptr);
  const auto found = finding(run({"doctor", model, "--json"}).json(), "activation");
  CHECK(found["value"] == "gelu");
  CHECK(found["assumed"] == true);
  CHECK(found["source"] == "gpt_neox models");
}

TEST_CASE("the doctor finds the activation that a config got wrong") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "hidden_act", "relu");
  const auto document = run({"doctor", model, "--text", interpreter, "--json"}).json();
  const auto& best = document["readings"][0];
  CHECK(best["change"].get<std::string>().starts_with("activation gelu"));
  CHECK(best["difference"] < -0.1);
  const auto text = run({"doctor", model, "--text", interpreter}).out;
  CHECK(text.find("Lower, but not surely: activation gelu") != std::string::npos);
}

TEST_CASE("ids of a config that the tokenizer has otherwise speak against it") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "bos_token_id", 9);
  const auto document = run({"doctor", model, "--json"}).json();
  CHECK(document["contradictions"] ==
        nlohmann::json::array({"bos_token_id is 9 in config.json, and 1 in the tokenizer"}));
}

TEST_CASE("weights that begin at random speak against a model") {
  const auto result = run(
      {"doctor", source_path("weights/causal-rope").string(), "--encoding", "learned", "--json"});
  CHECK(result.json()["contradictions"].dump().find("begin at random") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
