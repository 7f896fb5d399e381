#include "evaluation/score_infill.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"

namespace locus {
namespace {

int64_t cut(const std::vector<TokenSpan>& spans) {
  int64_t tokens = 0;
  for (const TokenSpan& span : spans) tokens += span.end - span.begin;
  return tokens;
}

TEST_CASE("spans cut out the stated share in the stated number of pieces") {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto spans = corrupt_spans(200, {}, seed);
    CHECK(spans.size() == 10);  // 15 % of 200 tokens, three tokens each
    CHECK(cut(spans) == 30);
    int64_t from = 0;
    for (const TokenSpan& span : spans) {
      CHECK(span.begin > from);  // a kept token before each, also before the first
      CHECK(span.end > span.begin);
      from = span.end;
    }
    CHECK(from < 200);
  }
}

TEST_CASE("spans depend on the seed alone, and every token is cut out under some seed") {
  CHECK(corrupt_spans(50, {}, 3) == corrupt_spans(50, {}, 3));
  CHECK(corrupt_spans(50, {}, 3) != corrupt_spans(50, {}, 4));
  std::vector<int> times(20);
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    for (const TokenSpan& span : corrupt_spans(20, {}, seed)) {
      for (int64_t i = span.begin; i < span.end; ++i) ++times[static_cast<size_t>(i)];
    }
  }
  for (size_t i = 1; i + 1 < times.size(); ++i) CHECK(times[i] > 50);
  CHECK(times.front() == 0);
  CHECK(times.back() == 0);
}

TEST_CASE("short texts lose at least one token, the shortest none; sentinels bound the spans") {
  CHECK(corrupt_spans(2, {}, 1).empty());
  CHECK(corrupt_spans(3, {}, 1) == std::vector<TokenSpan>{{1, 2}});
  CHECK(corrupt_spans(200, {.max = 4}, 1).size() == 4);
  CHECK(cut(corrupt_spans(200, {.max = 4}, 1)) == 30);
  CHECK(cut(corrupt_spans(4, {.noise = 0.9, .mean_length = 1}, 1)) == 2);
  CHECK_THROWS_AS(corrupt_spans(9, {.noise = 1}, 1), Error);
}

TEST_CASE("an infill plan covers every text in windows of the context") {
  std::vector<Text> texts(2);
  texts[0].ids.resize(25);
  texts[1].ids.resize(7);
  InfillSettings settings;
  settings.sentinels = {9, 8};
  const auto windows = plan_infill(texts, 10, settings);
  REQUIRE(windows.size() == 4);
  CHECK(windows[1].begin == 10);
  CHECK(windows[2].end == 25);
  CHECK(windows[3].text == 1);
  for (const InfillWindow& window : windows) {
    for (const TokenSpan& span : window.spans) {
      CHECK(span.begin > window.begin);
      CHECK(span.end < window.end);
    }
  }
}

TEST_CASE("infill needs sentinels, and spans that lie in their window") {
  Session session = tests::bigram_session();
  std::vector<Text> texts(1);
  texts[0].ids = {1, 2, 3, 1, 2, 3};
  CHECK_THROWS_WITH_AS(score_infill(session, texts, InfillSettings{}),
                       "infill: expected sentinels, found a model without them", Error);
  InfillSettings settings;
  settings.sentinels = {5};
  const std::vector<InfillWindow> overlapping{{0, 0, 6, {{1, 3}, {2, 4}}}};
  CHECK_THROWS_WITH_AS(score_infill(session, texts, overlapping, settings),
                       "infill: expected spans in order inside their window, at most 1, found 2 in "
                       "[0, 6)",
                       Error);
}

}  // namespace
}  // namespace locus
