#include "models/generation/beam.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace locus::detail {
namespace {

using Ids = std::vector<int32_t>;
using Rows = std::vector<std::vector<float>>;

std::vector<float> logs(const std::vector<double>& probabilities) {
  std::vector<float> values;
  for (const double p : probabilities) values.push_back(static_cast<float>(std::log(p)));
  return values;
}

GenerationSettings two_beams() {
  GenerationSettings settings;
  settings.max_tokens = 2;
  settings.end = {0};
  settings.beam.beams = 2;
  settings.beam.n_best = 2;
  return settings;
}

// Greedy takes 1 (0.6) and then has at most 0.6 x 0.4; the best pair begins with 2.
TEST_CASE("beam search finds a pair that greedy search misses") {
  const GenerationSettings settings = two_beams();
  generation::BeamSearch search(settings);
  search.advance(Rows{logs({0.001, 0.6, 0.398, 0.001})});
  CHECK(search.beams()[0].ids == Ids{1});
  CHECK(search.beams()[1].ids == Ids{2});
  search.advance(Rows{logs({0.01, 0.35, 0.3, 0.34}), logs({0.01, 0.04, 0.05, 0.9})});
  CHECK(search.beams()[0].ids == Ids{2, 3});
  CHECK(search.beams()[0].parent == 1);
  const auto results = search.results();
  REQUIRE(results.size() == 2);
  CHECK(results[0].ids == Ids{2, 3});
  CHECK(results[0].score == doctest::Approx(std::log(0.398 * 0.9) / 2));
  CHECK(results[0].finish == Finish::max_tokens);
  CHECK(results[1].ids == Ids{1, 1});
}

TEST_CASE("an end token finishes a candidate, is part of it, and counts in its length") {
  GenerationSettings settings = two_beams();
  settings.beam.length_penalty = 2;
  generation::BeamSearch search(settings);
  search.advance(Rows{logs({0.5, 0.3, 0.1, 0.1})});
  REQUIRE(search.beams().size() == 2);
  CHECK(search.beams()[0].ids == Ids{1});
  search.advance(Rows{logs({0.97, 0.01, 0.01, 0.01}), logs({0.25, 0.25, 0.25, 0.25})});
  const auto results = search.results();
  CHECK(results[0].ids == Ids{1, 0});
  CHECK(results[0].score == doctest::Approx(std::log(0.3 * 0.97) / 4));
  CHECK(results[0].finish == Finish::end_token);
  CHECK(results[1].ids == Ids{0});
  CHECK(results[1].score == doctest::Approx(std::log(0.5)));
}

TEST_CASE("of several end tokens a finished beam is written with the first") {
  GenerationSettings settings = two_beams();
  settings.end = {3, 0};
  settings.max_tokens = 1;
  generation::BeamSearch search(settings);
  search.advance(Rows{logs({0.6, 0.2, 0.15, 0.05})});
  const auto results = search.results();
  CHECK(results[0].ids == Ids{3});
  CHECK(results[0].score == doctest::Approx(std::log(0.6)));
}

TEST_CASE("an end token that is not among the best candidates finishes nothing") {
  GenerationSettings settings = two_beams();
  settings.max_tokens = 1;
  generation::BeamSearch search(settings);
  search.advance(Rows{logs({0.2, 0.4, 0.3, 0.1})});
  for (const Generated& result : search.results()) CHECK(result.ids != Ids{0});
}

/// Steps until the search is done, with the same hopeless rest at every step.
int steps(EarlyStopping early_stopping, double length_penalty) {
  GenerationSettings settings = two_beams();
  settings.max_tokens = 20;
  settings.beam.early_stopping = early_stopping;
  settings.beam.length_penalty = length_penalty;
  generation::BeamSearch search(settings);
  search.advance(Rows{logs({0.3, 0.4, 0.2, 0.1})});
  int count = 1;
  while (!search.done() && count < settings.max_tokens) {
    search.advance(Rows{logs({0.5, 0.3, 0.1, 0.1}), logs({0.1, 0.5, 0.2, 0.2})});
    ++count;
  }
  return count;
}

// Step 1 finishes [0] (log 0.3 = -1.204); step 2 finishes [1 0] (log 0.2, per token -0.805). From
// then on two are finished, the worse at -1.204. Its own length and 1 as penalty let an open one of
// sum s at length n compete at s / n, and at the greatest length 20 at s / 20.
TEST_CASE("early stopping: at once, by the present length, or never while there is hope") {
  CHECK(steps(EarlyStopping::always, 1) == 2);
  CHECK(steps(EarlyStopping::heuristic, 0) == 2);
  CHECK(steps(EarlyStopping::never, 1) == 20);
  CHECK(steps(EarlyStopping::never, 0) == 2);
}

}  // namespace
}  // namespace locus::detail
