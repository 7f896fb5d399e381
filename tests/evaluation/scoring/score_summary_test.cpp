#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "evaluation/score.hpp"
#include "evaluation/score_units.hpp"

namespace locus {
namespace {

TokenScore scored(int64_t index, double nll, int32_t rank, int64_t context = 1) {
  return {.index = index, .token = 0, .rank = rank, .context = context, .nll = nll, .entropy = nll};
}

Text extents_text(TokenExtents extents) {
  Text text;
  text.ids.resize(extents.size());
  text.extents = std::move(extents);
  return text;
}

TEST_CASE("sums over the tokens of a long text can be given up") {
  constexpr int64_t tokens = 4096;
  TextScores all;
  for (int64_t i = 0; i < tokens; ++i) all.push_back(scored(i, 1, 1));
  Text text = extents_text(TokenExtents{});
  text.ids.resize(tokens);
  for (int64_t i = 0; i < tokens; ++i) {
    text.extents.push_back({1, 1, 1});
    text.byte_begin.push_back(i);
  }
  const std::vector<Text> texts{text};
  const std::vector<TextScores> scores{all};
  const std::vector<Document> documents{{"text", std::string(tokens, 'a')}};
  const auto stop = [] { throw Error::cancellation(); };
  CHECK_THROWS_AS(summarize(texts, scores, stop), Error);
  CHECK_THROWS_AS(units_by_token(scores, stop), Error);
  CHECK_THROWS_AS(units_by_byte(texts, scores, stop), Error);
  CHECK_THROWS_AS(loss_by_context(scores, 8, stop), Error);
  CHECK_THROWS_AS(score_units(texts, scores, documents, stop), Error);
  CHECK_THROWS_AS(score_units(texts, scores, {}, stop), Error);
  CHECK_THROWS_AS(
      score_units(std::vector<Text>(16, text), std::vector<TextScores>(16, all), {}, stop), Error);
  CHECK_THROWS_AS(largest_change(scores, scores, stop), Error);
  CHECK(units_by_byte(texts, score_units(texts, scores, documents)).size() == 16);
}

TEST_CASE("a summary is sums over sums, not a mean of means") {
  const std::vector<Text> texts{extents_text({{4, 2, 1}, {1, 1, 0}, {3, 3, 1}}),
                                extents_text({{2, 2, 1}})};
  const std::vector<TextScores> scores{{scored(0, 1, 1), scored(1, 2, 3), scored(2, 3, 6)},
                                       {scored(0, 6, 5)}};
  const Summary summary = summarize(texts, scores);
  CHECK(summary.tokens == 4);
  CHECK(summary.extent == Extent{10, 8, 3});
  CHECK(summary.nll == doctest::Approx(12));
  CHECK(summary.perplexity == doctest::Approx(std::exp(3.0)));
  CHECK(*summary.bits_per_byte == doctest::Approx(12 / std::numbers::ln2 / 10));
  CHECK(*summary.bits_per_character == doctest::Approx(12 / std::numbers::ln2 / 8));
  CHECK(*summary.word_perplexity == doctest::Approx(std::exp(4.0)));
  CHECK(summary.top1 == doctest::Approx(0.25));
  CHECK(summary.top5 == doctest::Approx(0.75));
  CHECK(summary.entropy == doctest::Approx(3));
}

TEST_CASE("only the text of scored tokens counts: a sample's bits per byte are not too small") {
  const std::vector<Text> texts{extents_text({{4, 4, 1}, {1, 1, 0}, {5, 5, 1}})};
  const Summary summary = summarize(texts, std::vector<TextScores>{{scored(2, 2, 1)}});
  CHECK(summary.extent.bytes == 5);
  CHECK(*summary.bits_per_byte == doctest::Approx(2 / std::numbers::ln2 / 5));
}

TEST_CASE("ids without raw text have no figure by byte or word") {
  Text text;
  text.ids = {1, 2};
  const Summary summary = summarize({&text, 1}, std::vector<TextScores>{{scored(0, 2, 1)}});
  CHECK(!summary.bits_per_byte);
  CHECK(!summary.word_perplexity);
  CHECK(summary.perplexity == doctest::Approx(std::exp(2.0)));
}

TEST_CASE("units are documents that have scored tokens") {
  const std::vector<Text> texts{extents_text({{4, 2, 1}, {1, 1, 0}}), extents_text({{2, 2, 1}}),
                                extents_text({{3, 3, 1}})};
  const std::vector<TextScores> scores{{scored(0, 1, 1), scored(1, 2, 1)}, {}, {scored(0, 5, 1)}};
  CHECK(units_by_token(scores) == std::vector<Unit>{{3, 2}, {5, 1}});
  const auto by_byte = units_by_byte(texts, scores);
  REQUIRE(by_byte.size() == 2);
  CHECK(by_byte[0].sum == doctest::Approx(3 / std::numbers::ln2));
  CHECK(by_byte[0].weight == 5);
}

TEST_CASE("loss by context is a mean for each bucket") {
  const std::vector<TextScores> scores{{scored(0, 1, 1, 1), scored(1, 3, 1, 3)},
                                       {scored(0, 8, 1, 4)}};
  const auto curve = loss_by_context(scores, 4);
  REQUIRE(curve.size() == 2);
  CHECK(curve[0].context == 0);
  CHECK(curve[0].tokens == 2);
  CHECK(curve[0].nll == doctest::Approx(2));
  CHECK(curve[1].context == 4);
  CHECK(curve[1].nll == doctest::Approx(8));
}

TEST_CASE("nothing scored is no summary") {
  const std::vector<Text> texts{extents_text({{4, 2, 1}})};
  CHECK_THROWS_WITH_AS(summarize(texts, std::vector<TextScores>(1)),
                       "summary: expected at least one scored token, found none", Error);
  CHECK_THROWS_AS(summarize(texts, std::vector<TextScores>(2)), Error);
}

}  // namespace
}  // namespace locus
