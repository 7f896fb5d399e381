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
  CHECK(embedded(texts, {.poolings = {Pooling::mean}})[0].values ==
        Values{0.25f, 0.25f, 0, 0, 0.5f, 0});
  CHECK(embedded(texts, {.poolings = {Pooling::cls}})[0].values == Values{0, 1, 0, 0, 0, 0});
  CHECK(embedded(texts, {.poolings = {Pooling::max}})[0].values == Values{1, 1, 0, 0, 1, 0});
  const auto all = embedded(texts, {.poolings = {Pooling::none}});
  CHECK(all[0].width == 6);
  REQUIRE(all[0].values.size() == 24);
  CHECK(Values(all[0].values.begin() + 6, all[0].values.begin() + 12) == Values{0, 0, 0, 0, 1, 0});
}

TEST_CASE("tokens count by their square root, by their place, or the last one alone") {
  const std::vector<std::vector<int32_t>> texts{{1, 4, 4, 0}};
  const auto of = [&](Pooling pooling) {
    return embedded(texts, {.poolings = {pooling}})[0].values;
  };
  CHECK(of(Pooling::mean_sqrt_length) == Values{0.5f, 0.5f, 0, 0, 1, 0});
  CHECK(of(Pooling::weighted_mean) == Values{0.4f, 0.1f, 0, 0, 0.5f, 0});
  CHECK(of(Pooling::last_token) == Values{1, 0, 0, 0, 0, 0});
}

TEST_CASE("several poolings stand end to end") {
  const auto both = embedded({{1, 4}}, {.poolings = {Pooling::cls, Pooling::last_token}});
  CHECK(both[0].width == 12);
  CHECK(both[0].values == Values{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0});
  CHECK_THROWS_WITH_AS(embedded({{1}}, {.poolings = {Pooling::none, Pooling::cls}}),
                       "pooling: expected 'none' by itself, found 'none' beside another", Error);
}

TEST_CASE("a prompt's tokens are left out, and the others keep their places") {
  const auto of = [&](Pooling pooling, int64_t skipped) {
    return embedded({{1, 4, 4, 0}}, {.poolings = {pooling}, .skipped = skipped})[0].values;
  };
  CHECK(of(Pooling::mean, 2) == Values{0.5f, 0, 0, 0, 0.5f, 0});
  CHECK(of(Pooling::cls, 2) == Values{0, 0, 0, 0, 1, 0});
  CHECK(of(Pooling::weighted_mean, 3) == Values{1, 0, 0, 0, 0, 0});
  CHECK(of(Pooling::mean, 4) == Values(6));  // of nothing but the prompt
  CHECK_THROWS_WITH_AS(of(Pooling::max, 4),
                       "max pooling: expected a token beside the prompt's, found none", Error);
}

TEST_CASE("results stand in the order of the texts, however they were batched") {
  const std::vector<std::vector<int32_t>> texts{{3, 3, 3}, {1}, {2, 5}, {0}};
  for (const int64_t batch_tokens : {1, 3, 2048}) {
    const auto found = embedded(texts, {.poolings = {Pooling::mean}, .batch_tokens = batch_tokens});
    REQUIRE(found.size() == 4);
    CHECK(found[0].values == Values{0, 0, 0, 1, 0, 0});
    CHECK(found[1].values == Values{0, 1, 0, 0, 0, 0});
    CHECK(found[2].values == Values{0, 0, 0.5f, 0, 0, 0.5f});
    CHECK(found[3].values == Values{1, 0, 0, 0, 0, 0});
  }
}

TEST_CASE("vectors are scaled to the length asked for, each token's with none") {
  const auto mean = embedded({{1, 4, 4, 0}}, {.poolings = {Pooling::mean}, .norm = 1});
  const float unit = 1 / std::sqrt(6.0f);
  CHECK(mean[0].values[0] == doctest::Approx(unit));
  CHECK(mean[0].values[4] == doctest::Approx(2 * unit));
  CHECK(embedded({{1, 4}}, {.poolings = {Pooling::none}, .norm = 3})[0].values ==
        Values{0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0});
}

TEST_CASE("poolings are known by name") {
  for (const char* name :
       {"mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken", "none"}) {
    CHECK(to_string(parse_pooling(name)) == name);
  }
  CHECK_THROWS_WITH_AS(
      parse_pooling("last"),
      "pooling: expected mean, cls, max, mean_sqrt_len_tokens, weightedmean, lasttoken or none, "
      "found 'last'",
      Error);
}

TEST_CASE("an empty text is refused") { CHECK_THROWS_AS(embedded({{1}, {}}, {}), Error); }

}  // namespace
}  // namespace locus
