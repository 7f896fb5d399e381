// What a measurement of several runs says of its progress.
#include <doctest/doctest.h>

#include <algorithm>

#include "pipelines/comparison.hpp"
#include "pipelines/documents.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

struct Shares : RunObserver {
  explicit Shares(std::vector<double>& seen) : seen(seen) {}
  void progress(int64_t done, int64_t total) override {
    seen.push_back(static_cast<double>(done) / static_cast<double>(total));
  }
  std::vector<double>& seen;
};

std::vector<double> shares(const std::string& model, std::vector<int64_t> lengths) {
  std::vector<double> seen;
  MeasureSettings settings;
  settings.lengths = std::move(lengths);
  settings.sample = 16;
  settings.observe = [&](Session&, const std::string&) { return std::make_unique<Shares>(seen); };
  std::string text;
  for (int i = 0; i < 300; ++i) text += "The lamp was lit, and the harbour lay still. ";
  measure_model(*Model::open(source_path("weights/" + model).string()), model, {{"text", text}},
                settings);
  return seen;
}

}  // namespace

TEST_CASE("the progress of a model's runs rises to 1 and never falls") {
  for (const auto& seen : {shares("causal-rope", {64, 128, 256, 512}), shares("causal-rope", {}),
                           shares("masked-rope", {})}) {
    REQUIRE(!seen.empty());
    CHECK(std::ranges::is_sorted(seen));
    CHECK(seen.back() == 1);
  }
}

}  // namespace locus::tests
