#include "models/generation/choice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/generation/rules.hpp"

namespace locus::detail {
namespace {

std::vector<int32_t> kept(const std::vector<float>& logits, SamplingSettings settings) {
  settings.temperature = settings.temperature == 0 ? 1 : settings.temperature;
  std::vector<int32_t> ids;
  for (const generation::Choice& choice : generation::choices(logits, settings))
    ids.push_back(choice.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<float> shifted_logs(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  logits.reserve(probabilities.size());
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)) + 3);
  return logits;
}

TEST_CASE("top-k, top-p and min-p keep the sets worked by hand") {
  const auto logits = shifted_logs({0.1, 0.4, 0.05, 0.3, 0.15});
  using Ids = std::vector<int32_t>;
  CHECK(kept(logits, {}) == Ids{0, 1, 2, 3, 4});
  CHECK(kept(logits, {.top_k = 2}) == Ids{1, 3});
  CHECK(kept(logits, {.top_k = 99}) == Ids{0, 1, 2, 3, 4});
  CHECK(kept(logits, {.top_p = 0.3}) == Ids{1});
  CHECK(kept(logits, {.top_p = 0.69}) == Ids{1, 3});
  CHECK(kept(logits, {.top_p = 0.71}) == Ids{1, 3, 4});
  CHECK(kept(logits, {.min_p = 0.37}) == Ids{1, 3, 4});
  CHECK(kept(logits, {.min_p = 1}) == Ids{1});
  // Of the two that top-k keeps, the first holds 0.4 / 0.7 of the mass.
  CHECK(kept(logits, {.top_k = 2, .top_p = 0.56}) == Ids{1});
}

TEST_CASE("temperature sharpens or flattens before the filters look") {
  const auto logits = shifted_logs({0.1, 0.4, 0.05, 0.3, 0.15});
  CHECK(kept(logits, {.temperature = 0.25, .top_p = 0.7}) == std::vector<int32_t>{1});
  CHECK(kept(logits, {.temperature = 4, .top_p = 0.75}) == std::vector<int32_t>{0, 1, 3, 4});
}

TEST_CASE("tokens are drawn as often as their probability says") {
  const auto found =
      generation::choices(shifted_logs({0.1, 0.4, 0.05, 0.3, 0.15}), {.temperature = 1});
  Random random(5);
  std::vector<int> times(5);
  for (int i = 0; i < 20000; ++i) ++times[static_cast<size_t>(generation::draw(found, random))];
  CHECK(times[0] == doctest::Approx(2000).epsilon(0.07));
  CHECK(times[1] == doctest::Approx(8000).epsilon(0.03));
  CHECK(times[2] == doctest::Approx(1000).epsilon(0.1));
  CHECK(times[3] == doctest::Approx(6000).epsilon(0.04));
}

TEST_CASE("the most probable of equal tokens is the one with the lowest id") {
  CHECK(generation::arg_max(std::vector<float>{1, 3, 2, 3}) == 1);
}

TEST_CASE("a repetition penalty divides positive logits and multiplies negative ones, once") {
  std::vector<float> logits{2, -2, 4, 1};
  const std::vector<int32_t> seen{0, 1, 0, 0};
  generation::discourage_repetition(logits, {.history = seen}, {.penalty = 2});
  CHECK(logits == std::vector<float>{1, -4, 4, 1});
}

TEST_CASE("an n-gram that is there is not completed again") {
  const float banned = -std::numeric_limits<float>::infinity();
  const std::vector<int32_t> history{1, 2, 3, 1, 2, 0, 1, 2};
  std::vector<float> logits(5, 1);
  generation::discourage_repetition(logits, {.history = history},
                                    {.no_ngram = 3});  // 1 2 3 and 1 2 0 are there
  CHECK(logits == std::vector<float>{banned, 1, 1, banned, 1});
  logits.assign(5, 1);
  generation::discourage_repetition(logits, {.history = history}, {.no_ngram = 1});
  CHECK(logits == std::vector<float>{banned, banned, banned, banned, 1});
  logits.assign(5, 1);
  const std::vector<int32_t> two{1, 2};
  generation::discourage_repetition(logits, {.history = two}, {.no_ngram = 3});
  CHECK(logits == std::vector<float>(5, 1));
}

}  // namespace
}  // namespace locus::detail
