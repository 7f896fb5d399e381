#include "evaluation/predict_tokens.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "base/error.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"

namespace locus::tests {
namespace {

TEST_CASE("tokens are predicted by those before them, with the likeliest in their place") {
  Session session(bigram_graph());
  const std::vector<int32_t> one{3, 1, 5, 0}, two{2, 2};
  const std::array sequences{PredictedSequence{one}, PredictedSequence{two},
                             PredictedSequence{one, 3}};
  const auto predictions = predict_tokens(session, sequences, 2);
  REQUIRE(predictions.size() == 3);
  REQUIRE(predictions[0].size() == 3);
  CHECK(predictions[1].size() == 1);
  REQUIRE(predictions[2].size() == 1);
  for (size_t i = 0; i < 3; ++i) {
    const PredictedToken& token = predictions[0][i];
    const int32_t last = one[i];
    CHECK(token.log_probability == doctest::Approx(bigram_log_p(last, one[i + 1])).epsilon(1e-5));
    std::vector<double> all;
    for (int32_t next = 0; next < bigram_vocabulary; ++next) {
      all.push_back(bigram_log_p(last, next));
    }
    std::ranges::sort(all, std::ranges::greater());
    REQUIRE(token.best.size() == 2);
    for (size_t k = 0; k < 2; ++k) {
      CHECK(token.best[k].log_probability == doctest::Approx(all[k]).epsilon(1e-5));
      CHECK(token.best[k].log_probability ==
            doctest::Approx(bigram_log_p(last, token.best[k].id)).epsilon(1e-5));
    }
  }
  CHECK(predictions[2][0].log_probability == predictions[0][2].log_probability);
}

TEST_CASE("predictions need finite logits and something before a token") {
  Session poisoned(bigram_graph(1e20f));
  const std::vector<int32_t> ids{4, 1};
  const PredictedSequence sequence{ids};
  CHECK_THROWS_WITH_AS(predict_tokens(poisoned, {&sequence, 1}, 1),
                       "predictions: expected finite logits, found others", Error);
  const PredictedSequence whole{ids, 0};
  CHECK_THROWS_AS(predict_tokens(poisoned, {&whole, 1}, 1), Error);
}

}  // namespace
}  // namespace locus::tests
