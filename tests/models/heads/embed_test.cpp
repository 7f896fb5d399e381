#include "models/embed.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"

namespace locus {
namespace {

// The bigram model's token vectors are unit vectors of their ids.
std::vector<Embedding> embedded(const std::vector<std::vector<int32_t>>& texts,
                                const EmbedSettings& settings) {
  Session session = tests::bigram_session();
  std::vector<Sequence> sequences;
  for (const auto& ids : texts) sequences.push_back({.ids = ids});
  return embed(session, sequences, settings);
}

using Values = std::vector<float>;

TEST_CASE("pooling takes the mean, the first, the largest or every token vector") {
  const std::vector<std::vector<int32_t>> texts{{1, 4, 4, 0}};
  CHECK(embedded(texts, {Pooling::mean})[0].values == Values{0.25f, 0.25f, 0, 0, 0.5f, 0});
  CHECK(embedded(texts, {Pooling::cls})[0].values == Values{0, 1, 0, 0, 0, 0});
  CHECK(embedded(texts, {Pooling::max})[0].values == Values{1, 1, 0, 0, 1, 0});
  const auto all = embedded(texts, {Pooling::none});
  CHECK(all[0].width == 6);
  REQUIRE(all[0].values.size() == 24);
  CHECK(Values(all[0].values.begin() + 6, all[0].values.begin() + 12) == Values{0, 0, 0, 0, 1, 0});
}

TEST_CASE("results stand in the order of the texts, however they were batched") {
  const std::vector<std::vector<int32_t>> texts{{3, 3, 3}, {1}, {2, 5}, {0}};
  for (const int64_t batch_tokens : {1, 3, 2048}) {
    const auto found = embedded(texts, {Pooling::mean, 0, batch_tokens});
    REQUIRE(found.size() == 4);
    CHECK(found[0].values == Values{0, 0, 0, 1, 0, 0});
    CHECK(found[1].values == Values{0, 1, 0, 0, 0, 0});
    CHECK(found[2].values == Values{0, 0, 0.5f, 0, 0, 0.5f});
    CHECK(found[3].values == Values{1, 0, 0, 0, 0, 0});
  }
}

TEST_CASE("vectors are scaled to the length asked for, each token's with none") {
  const auto mean = embedded({{1, 4, 4, 0}}, {Pooling::mean, 1});
  const float unit = 1 / std::sqrt(6.0f);
  CHECK(mean[0].values[0] == doctest::Approx(unit));
  CHECK(mean[0].values[4] == doctest::Approx(2 * unit));
  CHECK(embedded({{1, 4}}, {Pooling::none, 3})[0].values ==
        Values{0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0});
}

TEST_CASE("poolings are known by name") {
  for (const char* name : {"mean", "cls", "max", "none"}) {
    CHECK(to_string(parse_pooling(name)) == name);
  }
  CHECK_THROWS_WITH_AS(parse_pooling("last"),
                       "pooling: expected mean, cls, max or none, found last", Error);
}

TEST_CASE("an empty text is refused") { CHECK_THROWS_AS(embedded({{1}, {}}, {}), Error); }

}  // namespace
}  // namespace locus
