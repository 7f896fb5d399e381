#include "models/generate.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <utility>

#include "base/error.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"

namespace locus {
namespace {

using Ids = std::vector<int32_t>;
using tests::bigram_log_p;
using tests::bigram_logit;
using tests::bigram_session;

int32_t arg_max_after(int32_t last) {
  int32_t best = 0;
  for (int32_t next = 1; next < tests::bigram_vocabulary; ++next) {
    if (bigram_logit(last, next) > bigram_logit(last, best)) best = next;
  }
  return best;
}

Ids greedy_by_hand(int32_t last, int64_t count) {
  Ids ids;
  for (int64_t i = 0; i < count; ++i) ids.push_back(last = arg_max_after(last));
  return ids;
}

TEST_CASE("greedy generation follows the most probable tokens, prompts of any lengths together") {
  Session session = bigram_session();
  GenerationSettings settings;
  settings.max_tokens = 5;
  const std::vector<Ids> prompts{{1, 2, 3}, {5}, {0, 0}};
  const auto results = generate(session, prompts, settings);
  REQUIRE(results.size() == 3);
  for (size_t i = 0; i < prompts.size(); ++i) {
    REQUIRE(results[i].size() == 1);
    CHECK(results[i][0].ids == greedy_by_hand(prompts[i].back(), 5));
    CHECK(results[i][0].finish == Finish::max_tokens);
    double log_p = 0;
    int32_t last = prompts[i].back();
    for (const int32_t id : results[i][0].ids) log_p += bigram_log_p(std::exchange(last, id), id);
    CHECK(results[i][0].score == doctest::Approx(log_p / 5).epsilon(1e-5));
  }
}

TEST_CASE("an end token ends a text and is included; the other prompts go on") {
  Session session = bigram_session();
  GenerationSettings settings;
  settings.max_tokens = 6;
  const Ids path = greedy_by_hand(3, 6), other = greedy_by_hand(5, 6);
  settings.end = {path[1]};
  const auto results = generate(session, std::vector<Ids>{{3}, {5}}, settings);
  CHECK(results[0][0].ids == Ids{path[0], path[1]});
  CHECK(results[0][0].finish == Finish::end_token);
  const auto alone = generate(session, std::vector<Ids>{{5}}, settings);
  CHECK(results[1][0].ids == alone[0][0].ids);
}

TEST_CASE("settings that leave no token are refused, however one is chosen") {
  Session session = bigram_session();
  std::vector<GenerationSettings> all(4);
  for (int32_t id = 0; id < tests::bigram_vocabulary; ++id) {
    all[0].forced.suppressed.push_back(id);
  }
  all[1].forced.biases = {{{2}, std::numeric_limits<double>::max()}};
  all[2].repetition.penalty = 1e-300;
  all[3].length.decay_after = 0;
  all[3].length.decay = std::numeric_limits<double>::max();
  all[3].end = {1};
  for (GenerationSettings& settings : all) {
    settings.max_tokens = 3;
    const std::vector<std::pair<double, int64_t>> ways{{0, 1}, {1, 1}, {0, 2}};
    for (const auto& [temperature, beams] : ways) {
      // Log p, which beams have, is made smaller by it.
      if (beams > 1 && settings.repetition.penalty != 1) continue;
      settings.sampling.temperature = temperature;
      settings.sampling.typical_p = temperature == 0 ? 1 : 0.5;
      settings.sampling.epsilon = temperature == 0 ? 0 : 0.1;
      settings.beam.beams = beams;
      CAPTURE(&settings - all.data());
      CAPTURE(settings.beam.beams);
      CHECK_THROWS_WITH_AS(generate(session, std::vector<Ids>{{1, 2}, {3}}, settings),
                           "generation: expected settings that leave a token of finite logits, "
                           "found none",
                           Error);
    }
  }
}

TEST_CASE("tokens are told as they come, and the listener can end a text") {
  Session session = bigram_session();
  GenerationSettings settings;
  settings.max_tokens = 8;
  std::vector<Ids> told(2);
  settings.on_token = [&](int64_t prompt, int32_t token) {
    told[static_cast<size_t>(prompt)].push_back(token);
    return prompt == 1 || told[0].size() < 3;
  };
  const auto results = generate(session, std::vector<Ids>{{3}, {5}}, settings);
  CHECK(results[0][0].ids.size() == 3);
  CHECK(results[0][0].finish == Finish::stopped);
  CHECK(results[1][0].ids.size() == 8);
  CHECK(told[0] == results[0][0].ids);
  CHECK(told[1] == results[1][0].ids);
}

TEST_CASE("sampled texts depend on the seed and on nothing else") {
  Session session = bigram_session();
  GenerationSettings settings;
  settings.max_tokens = 7;
  settings.sampling.temperature = 1.5;
  settings.sampling.seed = 9;
  const std::vector<Ids> prompts{{1}, {1}, {4, 2}};
  const auto first = generate(session, prompts, settings);
  const auto again = generate(session, prompts, settings);
  for (size_t i = 0; i < prompts.size(); ++i) CHECK(first[i][0].ids == again[i][0].ids);
  CHECK(first[0][0].ids != first[1][0].ids);  // every prompt draws for itself
  CHECK(generate(session, {prompts.data(), 1}, settings)[0][0].ids == first[0][0].ids);
  settings.sampling.seed = 10;
  CHECK(generate(session, prompts, settings)[0][0].ids != first[0][0].ids);
  settings.sampling.top_k = 1;
  CHECK(generate(session, prompts, settings)[0][0].ids == greedy_by_hand(1, 7));
}

double best_log_p(int32_t last, int64_t length) {
  if (length == 0) return 0;
  double best = -1e9;
  for (int32_t next = 0; next < tests::bigram_vocabulary; ++next) {
    best = std::max(best, bigram_log_p(last, next) + best_log_p(next, length - 1));
  }
  return best;
}

TEST_CASE("with enough beams the search is exhaustive: the most probable text of all") {
  Session session = bigram_session();
  GenerationSettings settings;
  settings.max_tokens = 3;
  settings.beam.beams = 200;
  settings.beam.n_best = 2;
  const auto results = generate(session, std::vector<Ids>{{1, 4}, {0}}, settings);
  CHECK(results[0][0].score == doctest::Approx(best_log_p(4, 3) / 3).epsilon(1e-5));
  CHECK(results[1][0].score == doctest::Approx(best_log_p(0, 3) / 3).epsilon(1e-5));
  CHECK(results[1][0].score > results[1][1].score);
}

TEST_CASE("generation refuses settings and prompts that make no sense") {
  Session session = bigram_session();
  const std::vector<Ids> prompts{{1, 2}};
  GenerationSettings settings;
  settings.max_tokens = 4;
  const auto refused = [&](const GenerationSettings& wrong, const char* line) {
    CHECK_THROWS_WITH_AS(generate(session, prompts, wrong), line, Error);
  };
  CHECK_THROWS_WITH_AS(generate(session, std::vector<Ids>{{1}, {}}, settings),
                       "prompt 1: expected at least one token, found none", Error);
  CHECK_THROWS_WITH_AS(generate(session, std::vector<Ids>{}, settings),
                       "generation: expected at least one prompt, found none", Error);
  auto wrong = settings;
  wrong.max_tokens = 0;
  refused(wrong, "max tokens: expected at least 1, found 0");
  wrong.max_tokens = int64_t{1} << 62;  // the encoding sets no limit, but positions are floats
  refused(
      wrong,
      "prompt 0: expected at most 16777215 new tokens after its 2 for 16777216 positions, found "
      "4611686018427387904");
  wrong = settings;
  wrong.sampling.top_p = 1.5;
  refused(wrong, "top-p: expected above 0 and at most 1, found 1.5");
  wrong = settings;
  wrong.beam = {.beams = 2, .n_best = 3};
  refused(wrong, "n-best: expected 1 to the number of beams, found 3");
  wrong = settings;
  wrong.beam.beams = 2;
  wrong.sampling.temperature = 0.5;
  refused(wrong, "temperature: expected 0 (no 'do_sample') with several beams, found 0.5");
}

}  // namespace
}  // namespace locus
