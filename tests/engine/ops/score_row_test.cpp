#include "engine/probabilities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.hpp"

namespace locus::ops {
namespace {

/// The definition, in double.
RowScore plain(const std::vector<float>& logits, int32_t target) {
  double sum = 0, entropy = 0;
  const double largest = *std::max_element(logits.begin(), logits.end());
  for (const float logit : logits) sum += std::exp(logit - largest);
  int32_t rank = 1;
  for (size_t i = 0; i < logits.size(); ++i) {
    const double log_p = logits[i] - largest - std::log(sum);
    entropy -= std::exp(log_p) * log_p;
    const bool ahead = logits[i] > logits[target] ||
                       (logits[i] == logits[target] && static_cast<int32_t>(i) < target);
    rank += ahead ? 1 : 0;
  }
  return {std::log(sum) + largest - logits[target], entropy, rank};
}

TEST_CASE("a row's score is its definition, for every length and target") {
  Random random(3);
  for (const int64_t size : {1, 2, 3, 15, 16, 17, 511, 512, 513, 1025, 4096}) {
    std::vector<float> logits(static_cast<size_t>(size));
    for (float& logit : logits) {
      // Few different values, so that there are ties.
      logit = static_cast<float>(std::floor(random.uniform() * 40) - 20) / 2;
    }
    for (int trial = 0; trial < 20; ++trial) {
      const auto target = static_cast<int32_t>(random.below(size));
      const RowScore expected = plain(logits, target), found = score_row(logits, target);
      CAPTURE(size);
      CAPTURE(target);
      CHECK(found.nll == doctest::Approx(expected.nll).epsilon(1e-6));
      CHECK(std::abs(found.entropy - expected.entropy) < 1e-5);
      CHECK(found.rank == expected.rank);
    }
  }
}

TEST_CASE("log-softmax is accumulated in double: a million small terms are not lost") {
  std::vector<float> logits(1 << 20, -10.0f);
  logits[7] = 5.0f;
  const double expected = std::log1p((logits.size() - 1) * std::exp(-15.0));
  CHECK(std::abs(score_row(logits, 7).nll - expected) < 1e-6);
  CHECK(score_row(logits, 8).nll == doctest::Approx(expected + 15).epsilon(1e-6));
}

TEST_CASE("large logits neither overflow nor vanish") {
  CHECK(score_row(std::vector<float>{30000, 29999}, 1).nll ==
        doctest::Approx(1 + std::log1p(std::exp(-1.0))));
  CHECK(score_row(std::vector<float>{-30000, -29999}, 0).rank == 2);
}

TEST_CASE("logits that are not finite give NaN, wherever they stand") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {infinity, -infinity, std::numeric_limits<float>::quiet_NaN()}) {
    for (const size_t place : {0, 1, 16, 31, 36}) {
      std::vector<float> logits(37, 0.5f);
      logits[place] = bad;
      CAPTURE(bad);
      CAPTURE(place);
      CHECK(std::isnan(score_row(logits, 3).nll));
    }
  }
}

}  // namespace
}  // namespace locus::ops
