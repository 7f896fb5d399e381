#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

TEST_CASE("bench gives a result for each length, and memory") {
  const auto document = run({"bench", golden_model("gpt2/lm"), "--lengths", "1,23", "--repeat", "3",
                             "--decode", "4", "--json"})
                            .json();
  REQUIRE(document["results"].size() == 2);
  for (const auto& result : document["results"]) {
    CHECK(result["ms_min"].get<double>() > 0);
    CHECK(result["ms_min"].get<double>() <= result["ms_median"].get<double>());
    CHECK(result["decoded_tokens_per_second"].get<double>() > 0);
  }
  CHECK(document["results"][1]["length"] == 23);
  CHECK(document["load_ms"].get<double>() > 0);
  CHECK(document["resident_bytes"].get<int64_t>() > 1000000);
}

TEST_CASE("gflops are those of the graph") {
  const auto document =
      run({"bench", golden_model("gpt2/lm"), "--lengths", "10", "--repeat", "1", "--json"}).json();
  const auto& result = document["results"][0];
  // Two layers of 4 60^2 + 2 60 67 weights, the tied head of 97 x 60, and 55 causal pairs.
  const double weights = 2 * (4 * 60 * 60 + 2 * 60 * 67) + 97 * 60;
  const double operations = 2 * 10 * weights + 2 * 4 * 60 * 55;
  CHECK(result["gflops"].get<double>() * result["ms_median"].get<double>() * 1e6 ==
        doctest::Approx(operations));
}

TEST_CASE("a profile has every node's time, and its operations are those of the whole") {
  const auto document = run({"bench", golden_model("gpt2/lm"), "--lengths", "10", "--repeat", "2",
                             "--profile", "--json"})
                            .json();
  const auto& result = document["results"][0];
  double operations = 0, milliseconds = 0;
  for (const auto& node : result["profile"]["nodes"]) {
    operations += node["operations"].get<double>();
    milliseconds += node["ms"].get<double>();
    CHECK(node["bytes"].get<double>() > 0);
  }
  CHECK(operations ==
        doctest::Approx(result["gflops"].get<double>() * result["ms_median"].get<double>() * 1e6));
  CHECK(milliseconds > 0);
  CHECK(result["profile"]["peak_gflops"].get<double>() > 0.1);
  CHECK(result["profile"]["peak_gigabytes_per_second"].get<double>() > 0.1);
  const auto text =
      run({"bench", golden_model("gpt2/lm"), "--lengths", "10", "--repeat", "1", "--profile"}).out;
  CHECK(text.find("\nroofline: ") != std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; });
    CHECK_MESSAGE(columns <= 80, line);
  }
  CHECK(text.find("attention") != std::string::npos);
}

TEST_CASE("lengths beyond a learned table are refused") {
  CHECK(run({"bench", golden_model("gpt2/lm"), "--lengths", "8,8192", "--batch", "4096"}).err ==
        "locus: --batch: expected at most 16777216 tokens in a run, found 4096 times 8192\n");
  const auto result = run({"bench", golden_model("gpt2/lm"), "--lengths", "81"});
  CHECK(result.status == 1);
  CHECK(result.err.find("80") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
