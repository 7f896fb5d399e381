#include <doctest/doctest.h>

#include "base/error.hpp"
#include "evaluation/predict_tokens.hpp"
#include "evaluation/score.hpp"
#include "evaluation/scoring/item_plan.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"
#include "tests/support/failure.hpp"

namespace locus {
namespace {

using tests::bigram_log_p;
using tests::bigram_session;

Text text_of(std::vector<int32_t> ids) {
  Text text;
  text.name = "a";
  text.ids = std::move(ids);
  return text;
}

const std::vector<int32_t> ids{3, 1, 5, 0, 2, 2, 5, 1, 4, 3, 0};

CausalSettings settings_of(Convention convention, int64_t context,
                           std::optional<int32_t> bos = std::nullopt) {
  CausalSettings settings;
  settings.windows = {convention, context, 0, false};
  settings.bos = bos;
  return settings;
}

TEST_CASE("logits are shifted by one: a token is scored by the row before it") {
  Session session = bigram_session();
  const std::vector<Text> texts{text_of(ids)};
  const auto scores = score_causal(session, texts, settings_of(Convention::hf, 4));
  REQUIRE(scores.size() == 1);
  REQUIRE(scores[0].size() == ids.size() - 1);
  for (const TokenScore& score : scores[0]) {
    CAPTURE(score.index);
    const int32_t last = ids[score.index - 1];
    CHECK(score.token == ids[score.index]);
    CHECK(score.nll == doctest::Approx(-bigram_log_p(last, score.token)).epsilon(1e-5));
    double entropy = 0;
    int32_t rank = 1;
    for (int32_t next = 0; next < tests::bigram_vocabulary; ++next) {
      entropy -= std::exp(bigram_log_p(last, next)) * bigram_log_p(last, next);
      rank += bigram_log_p(last, next) > bigram_log_p(last, score.token) ? 1 : 0;
    }
    CHECK(score.entropy == doctest::Approx(entropy).epsilon(1e-5));
    CHECK(score.rank == rank);
  }
}

TEST_CASE("a beginning-of-text token opens every window, and is never scored") {
  Session session = bigram_session();
  const std::vector<Text> texts{text_of(ids)};
  const auto scores = score_causal(session, texts, settings_of(Convention::disjoint, 4, 2));
  REQUIRE(scores[0].size() == ids.size());
  for (const TokenScore& score : scores[0]) {
    CAPTURE(score.index);
    const int64_t place = score.index % 3;  // three tokens beside the opening one
    const int32_t last = place == 0 ? 2 : ids[score.index - 1];
    CHECK(score.context == place + 1);
    CHECK(score.nll == doctest::Approx(-bigram_log_p(last, score.token)).epsilon(1e-5));
  }
}

TEST_CASE("a model that sees what it is to predict is not scored, whatever its task is called") {
  Session session(tests::bigram_graph(0, "all"));
  REQUIRE(session.graph().looks_ahead());
  const std::string refused =
      "scoring: expected a model whose predictions see no later token, found 'bigram' with "
      "attention to both sides";
  const std::vector<Text> texts{text_of(ids)};
  const CausalSettings settings = settings_of(Convention::hf, 4);
  const std::vector<std::vector<Window>> windows{{{0, 4, 1, false}}};
  const PredictedSequence sequence{ids};
  ScoringSettings planned{.task = ScoringTask::causal};
  const TextSize size{"a", static_cast<int64_t>(ids.size())};
  using tests::failure_of;
  CHECK(failure_of([&] { score_causal(session, texts, settings); }) == refused);
  CHECK(failure_of([&] { score_windows(session, texts, windows, settings); }) == refused);
  CHECK(failure_of([&] { predict_tokens(session, {&sequence, 1}, 1); }) == refused);
  CHECK(failure_of([&] {
          evaluation::plan_items(session.graph(), {&size, 1}, planned);
        }) == refused);
}

TEST_CASE("scores do not depend on the batch, the company or the threads") {
  Session session = bigram_session();
  Session single(tests::bigram_graph(), {.threads = 1});
  const std::vector<Text> texts{text_of(ids), text_of({5, 4, 0}), text_of({1})};
  CausalSettings settings = settings_of(Convention::sliding, 5, 0);
  const auto together = score_causal(session, texts, settings);
  settings.batch.batch_tokens = 1;
  const auto apart = score_causal(single, texts, settings);
  REQUIRE(together.size() == 3);
  for (size_t text = 0; text < 3; ++text) {
    REQUIRE(together[text].size() == texts[text].ids.size());
    REQUIRE(apart[text].size() == texts[text].ids.size());
    for (size_t i = 0; i < together[text].size(); ++i) {
      CHECK(together[text][i].nll == apart[text][i].nll);
      CHECK(together[text][i].index == static_cast<int64_t>(i));
    }
  }
}

TEST_CASE("progress counts to the number of scored tokens, and a run can be cancelled from it") {
  Session session = bigram_session();
  const std::vector<Text> texts{text_of(ids)};
  CausalSettings settings = settings_of(Convention::sliding, 5, 0);
  settings.batch.batch_tokens = 1;
  int64_t last = 0;
  settings.batch.progress = [&](int64_t done, int64_t total) {
    CHECK(done > last);
    CHECK(total == static_cast<int64_t>(ids.size()));
    last = done;
  };
  score_causal(session, texts, settings);
  CHECK(last == static_cast<int64_t>(ids.size()));

  settings.batch.progress = [&](int64_t, int64_t) { session.cancel(); };
  CHECK(tests::ends_cancelled([&] { score_causal(session, texts, settings); }));
  session.resume();
  settings.batch.progress = {};
  CHECK(score_causal(session, texts, settings)[0].size() == ids.size());
}

TEST_CASE("texts and logits that cannot be scored are refused with a line that says where") {
  Session session = bigram_session();
  const CausalSettings settings = settings_of(Convention::llama_cpp, 8);
  CHECK_THROWS_WITH_AS(score_causal(session, std::vector{text_of({})}, settings),
                       "a: expected at least one token, found none", Error);
  CHECK_THROWS_WITH_AS(score_causal(session, std::vector{text_of({1, 2, 3})}, settings),
                       "scoring: expected texts long enough for a token to be scored, found none",
                       Error);
  Session poisoned = bigram_session(1e20f);
  CHECK_THROWS_WITH_AS(
      score_causal(poisoned, std::vector{text_of({1, 2, 4, 3})}, settings_of(Convention::hf, 8)),
      "a, token 3: expected finite logits, found infinity or NaN", Error);
  CHECK_THROWS_WITH_AS(
      score_causal(session, std::vector{text_of({1, 2, 99})}, settings_of(Convention::hf, 8)),
      "a, token 2: expected an id below 6, found 99", Error);
}

TEST_CASE("windows of the caller's are checked and scored") {
  Session session = bigram_session();
  const std::vector<Text> texts{text_of(ids)};
  const std::vector<std::vector<Window>> windows{{{2, 6, 5, false}}};
  const auto scores = score_windows(session, texts, windows, {});
  REQUIRE(scores[0].size() == 1);
  CHECK(scores[0][0].context == 3);
  CHECK(scores[0][0].nll == doctest::Approx(-bigram_log_p(ids[4], ids[5])).epsilon(1e-5));
  const std::vector<std::vector<Window>> beyond{{{2, 12, 5, false}}};
  CHECK_THROWS_AS(score_windows(session, texts, beyond, {}), Error);
  const std::vector<std::vector<Window>> unopened{{{2, 6, 2, false}}};
  CHECK_THROWS_AS(score_windows(session, texts, unopened, {}), Error);
  const std::vector<std::vector<Window>> opened{{{2, 6, 2, true}}};
  CHECK_THROWS_WITH_AS(score_windows(session, texts, opened, {}),
                       "window: expected a model with a beginning-of-text token, found one without",
                       Error);
}

}  // namespace
}  // namespace locus
