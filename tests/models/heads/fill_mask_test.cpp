#include "models/fill_mask.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"

namespace locus {
namespace {

TEST_CASE("every mask gets its most probable tokens with their probabilities") {
  Session session = tests::bigram_session();
  const std::vector<int32_t> ids{1, 3, 0, 3};
  const auto filled = fill_mask(session, {.ids = ids}, {.mask = 3, .top = 4});
  REQUIRE(filled.size() == 2);
  CHECK(filled[0].position == 1);
  CHECK(filled[1].position == 3);
  for (const FilledMask& mask : filled) {
    REQUIRE(mask.candidates.size() == 4);
    double last = 1;
    for (const Candidate& candidate : mask.candidates) {
      CHECK(candidate.probability ==
            doctest::Approx(std::exp(tests::bigram_log_p(3, candidate.id))).epsilon(1e-5));
      CHECK(candidate.probability <= last);
      last = candidate.probability;
    }
  }
}

TEST_CASE("more candidates than tokens are all tokens, whose probabilities add up to 1") {
  Session session = tests::bigram_session();
  const std::vector<int32_t> ids{2};
  const auto filled = fill_mask(session, {.ids = ids}, {.mask = 2, .top = 99});
  double sum = 0;
  for (const Candidate& candidate : filled[0].candidates) sum += candidate.probability;
  CHECK(filled[0].candidates.size() == tests::bigram_vocabulary);
  CHECK(sum == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("a text without a mask, and logits that are not finite, are refused") {
  Session session = tests::bigram_session();
  const std::vector<int32_t> ids{1, 2};
  CHECK_THROWS_WITH_AS(fill_mask(session, {.ids = ids}, {.mask = 3}),
                       "fill-mask: expected a mask token, id 3, in the text, found none", Error);
  Session poisoned = tests::bigram_session(1e20f);
  const std::vector<int32_t> masked{1, 4};
  CHECK_THROWS_WITH_AS(fill_mask(poisoned, {.ids = masked}, {.mask = 4}),
                       "mask at 1: expected finite logits, found infinity or NaN", Error);
}

}  // namespace
}  // namespace locus
