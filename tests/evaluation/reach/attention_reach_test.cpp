#include <doctest/doctest.h>

#include <cmath>

#include "evaluation/attention_reach.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests {
namespace {

std::shared_ptr<const Graph> alibi_graph() {
  const TinyGraph tiny = tiny_graph({.encoding = "alibi"});
  return std::make_shared<const Graph>(tiny.spec, tiny.weights);
}

}  // namespace

TEST_CASE("distances fall into bins that double") {
  const std::vector<std::pair<int64_t, const char*>> expected{
      {0, "0"},   {1, "1"},   {2, "2"},    {3, "3-4"},    {4, "3-4"},
      {5, "5-8"}, {8, "5-8"}, {9, "9-16"}, {64, "33-64"}, {65, "65-128"}};
  for (const auto& [distance, name] : expected) {
    const auto& shown = distance;
    CAPTURE(shown);
    CHECK(reach_bin_name(reach_bin(distance)) == name);
  }
}

TEST_CASE("the reach is the mass of the very probabilities, whatever the number of threads") {
  const auto graph = alibi_graph();
  const auto ids = random_ids(70), more = random_ids(23);
  const std::vector<Sequence> sequences{{ids}, {more}};
  Session session(graph, {.threads = 1}), threads(graph, {.threads = 3});
  const auto reach = measure_reach(session, sequences);
  REQUIRE(reach.size() == 2);  // layers

  std::vector<double> expected(9);  // of the first layer's head 3
  session.observe([&](const AttentionTile& tile) {
    if (tile.node != reach[0].node || tile.head != 3) return;
    for (int64_t row = 0; row < tile.probabilities.size(0); ++row) {
      for (int64_t column = 0; column < tile.probabilities.size(1); ++column) {
        const int64_t distance = tile.first_query + row - tile.first_key - column;
        if (distance < 0) continue;
        int64_t bin = 0;
        while (distance > (int64_t{1} << bin) / 2) ++bin;
        expected[static_cast<size_t>(bin)] += tile.probabilities(row, column) / 93.0;
      }
    }
  });
  for (const Sequence& sequence : sequences) session.encode(std::vector{sequence});
  const Tensor& shares = reach[0].shares;
  REQUIRE(shares.shape() == Shape{5, 9});
  for (int64_t bin = 0; bin < 9; ++bin) {
    CAPTURE(bin);
    CHECK(shares.view()(3, bin) ==
          doctest::Approx(expected[static_cast<size_t>(bin)]).epsilon(1e-5));
  }
  const auto again = measure_reach(threads, sequences);
  for (size_t layer = 0; layer < reach.size(); ++layer) {
    const auto one = reach[layer].shares.values(), other = again[layer].shares.values();
    CHECK(std::equal(one.begin(), one.end(), other.begin(), other.end()));
  }
}

TEST_CASE("a head whose slope is steep reaches less far") {
  const auto graph = alibi_graph();
  const auto ids = random_ids(100);
  Session session(graph, {.threads = 1});
  const auto reach = measure_reach(session, std::vector<Sequence>{{ids}});
  const auto near = [&](int64_t head) {
    const auto row = reach[0].shares.view().row(head);
    return row[0] + row[1] + row[2];
  };
  CHECK(near(0) > near(3));  // slopes 1/4 and 1/256
}

}  // namespace locus::tests
