#include <doctest/doctest.h>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const std::string alibi_model = source_path("weights/causal-alibi").string();
const std::string short_text = source_path("weights/text/the_interpreter.txt").string();

nlohmann::json change(const nlohmann::json& report, const std::string& name) {
  for (const auto& each : report["changes"]) {
    if (each["change"] == name) return each;
  }
  FAIL("no change ", name);
  return {};
}

}  // namespace

TEST_CASE("the laboratory finds a relative scheme unchanged by shifts and lost without itself") {
  const auto report = run({"ablate", alibi_model, "--text", short_text, "--change", "shift:1000",
                           "--change", "remove", "--change", "scale:1", "--change", "swap:none",
                           "--change", "swap:t5", "--json"})
                          .json();
  CHECK(report["encoding"] == "alibi");
  CHECK(report["metric"] == "perplexity");
  CHECK(change(report, "shift:1000")["largest_token_change"] < 1e-4);
  CHECK(change(report, "scale:1")["largest_token_change"] < 1e-4);
  const auto removed = change(report, "remove");
  CHECK(removed["difference"] > 0.05);
  CHECK(removed["nll"].get<double>() - report["nll"].get<double>() ==
        doctest::Approx(removed["difference"].get<double>()));
  CHECK(change(report, "swap:none")["nll"] == removed["nll"]);
  CHECK_FALSE(change(report, "swap:none").contains("untrained"));
  CHECK(change(report, "swap:t5")["untrained"] == true);
}

TEST_CASE("the laboratory changes one layer at a time") {
  const auto report =
      run({"ablate", alibi_model, "--text", short_text, "--change", "remove", "--layers", "--json"})
          .json();
  CHECK(report["changes"].size() == 5);
  CHECK(report["changes"][0]["layer"].is_null());
  for (int layer = 0; layer < 4; ++layer) CHECK(report["changes"][layer + 1]["layer"] == layer);
  CHECK(report["changes"][1]["nll"] != report["changes"][2]["nll"]);
}

TEST_CASE("the laboratory says why a change cannot be made and goes on with the next") {
  const auto result = run({"ablate", alibi_model, "--text", short_text, "--encoding", "learned",
                           "--change", "shift:100000", "--change", "remove", "--json"});
  CHECK(result.status == 0);
  const auto report = result.json();
  const auto error = change(report, "shift:100000")["error"].get<std::string>();
  CHECK(error.starts_with("learned: expected"));
  CHECK(change(report, "remove").contains("nll"));
}

TEST_CASE("the laboratory refuses unknown changes") {
  for (const char* wrong : {"shift", "shift:x", "rotate:1", "swap:", "remove:1", "scale:1e999"}) {
    CAPTURE(wrong);
    const auto result = run({"ablate", alibi_model, "--text", short_text, "--change", wrong});
    CHECK(result.status == 2);
    CHECK(result.out.empty());
  }
}
