#include "evaluation/score_masked.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"

namespace locus {
namespace {

TEST_CASE("surroundings keep a token in the middle, except near the ends") {
  CHECK(surroundings(0, 10, 4) == Surroundings{0, 4});
  CHECK(surroundings(2, 10, 4) == Surroundings{0, 4});
  CHECK(surroundings(5, 10, 4) == Surroundings{3, 7});
  CHECK(surroundings(9, 10, 4) == Surroundings{6, 10});
  CHECK(surroundings(5, 10, 5) == Surroundings{3, 8});
  CHECK(surroundings(1, 3, 8) == Surroundings{0, 3});
}

TEST_CASE("a sample has as many different positions as asked for, the same for the same seed") {
  const auto sample = sample_indices(1000, 100, 7);
  CHECK(sample.size() == 100);
  CHECK(std::is_sorted(sample.begin(), sample.end()));
  CHECK(std::set<int64_t>(sample.begin(), sample.end()).size() == 100);
  CHECK(sample == sample_indices(1000, 100, 7));
  CHECK(sample != sample_indices(1000, 100, 8));
  CHECK(sample_indices(3, 0, 1) == std::vector<int64_t>{0, 1, 2});
  CHECK(sample_indices(3, 9, 1) == std::vector<int64_t>{0, 1, 2});
}

TEST_CASE("every position is as likely to be in the sample as any other") {
  std::vector<int> drawn(20);
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    for (const int64_t index : sample_indices(20, 5, seed)) ++drawn[static_cast<size_t>(index)];
  }
  for (const int times : drawn) {  // 1,000 each, standard deviation 27
    CHECK(times > 880);
    CHECK(times < 1120);
  }
}

Text sentence() {
  Text text;
  text.ids = {3, 1, 5, 0, 2};
  text.word_start = {1, 0, 0, 1, 0};
  return text;
}

// The bigram model sees only the mask at a masked row: all the figures are those of its row.
TEST_CASE("masked rows are scored where the mask stands, after the opening tokens") {
  Session session = tests::bigram_session();
  MaskedSettings settings;
  settings.mask = 4;
  settings.before = {5, 5};
  settings.after = {2};
  settings.sample = 0;
  const std::vector<Text> texts{sentence()};
  const auto scores = score_masked(session, texts, settings);
  REQUIRE(scores[0].size() == 5);
  for (const TokenScore& score : scores[0]) {
    CHECK(score.nll == doctest::Approx(-tests::bigram_log_p(4, score.token)).epsilon(1e-5));
    CHECK(score.context == 4);
  }
}

TEST_CASE("masked-word hides the later pieces of the word, not the earlier ones") {
  Session session = tests::bigram_session();
  MaskedSettings settings;
  settings.masking = Masking::word;
  settings.mask = 4;
  settings.sample = 0;
  const std::vector<Text> texts{sentence()};
  const auto scores = score_masked(session, texts, settings);
  std::vector<int64_t> visible;
  for (const TokenScore& score : scores[0]) visible.push_back(score.context);
  CHECK(visible == std::vector<int64_t>{2, 3, 4, 3, 4});
}

TEST_CASE("by word, what was scored alone is kept where the word ends") {
  Session session = tests::bigram_session();
  MaskedSettings settings;
  settings.mask = 4;
  settings.sample = 0;
  const std::vector<Text> texts{sentence(), sentence()};
  auto alone = score_masked(session, texts, settings);
  for (TextScores& scores : alone) {
    for (TokenScore& score : scores) score.entropy = -1;  // shows which were kept
  }
  settings.masking = Masking::word;
  const auto whole = score_masked(session, texts, settings);
  const auto shared = score_words(session, texts, alone, settings);
  REQUIRE(shared.size() == whole.size());
  for (size_t i = 0; i < whole[1].size(); ++i) {
    CHECK(shared[1][i].index == whole[1][i].index);
    CHECK(shared[1][i].context == whole[1][i].context);
    CHECK(shared[1][i].nll == whole[1][i].nll);
    CHECK((shared[1][i].entropy == -1) == (whole[1][i].context == 4));
  }
}

TEST_CASE("a sample is drawn over all texts together and its size is what was asked for") {
  Session session = tests::bigram_session();
  MaskedSettings settings;
  settings.mask = 4;
  settings.sample = 6;
  const std::vector<Text> texts{sentence(), sentence(), sentence()};
  const auto scores = score_masked(session, texts, settings);
  CHECK(scores[0].size() + scores[1].size() + scores[2].size() == 6);
}

TEST_CASE("places of the caller's are scored as a sample of them would be") {
  Session session = tests::bigram_session();
  MaskedSettings settings;
  settings.mask = 4;
  settings.sample = 3;
  settings.seed = 5;
  const std::vector<Text> texts{sentence(), sentence()};
  const auto places = sample_places(texts, 3, 5);
  CHECK(places.size() == 3);
  CHECK(sample_places(texts, 0, 5).back() == Place{1, 4});
  const auto sampled = score_masked(session, texts, settings);
  settings.sample = 1;
  const auto placed = score_places(session, texts, places, settings);
  for (size_t text = 0; text < texts.size(); ++text) {
    REQUIRE(placed[text].size() == sampled[text].size());
    for (size_t i = 0; i < placed[text].size(); ++i) {
      CHECK(placed[text][i].index == sampled[text][i].index);
      CHECK(placed[text][i].nll == sampled[text][i].nll);
    }
  }
  for (const Place wrong : {Place{2, 0}, Place{0, 5}, Place{0, -1}}) {
    CHECK_THROWS_AS(score_places(session, texts, std::vector{wrong}, settings), Error);
  }
}

TEST_CASE("masked scoring refuses what it cannot do") {
  Session session = tests::bigram_session();
  MaskedSettings settings;
  settings.mask = 4;
  settings.context = 2;
  settings.before = {5};
  settings.after = {2};
  std::vector<Text> texts{sentence()};
  CHECK_THROWS_WITH_AS(score_masked(session, texts, settings),
                       "context: expected more than 2 positions, found 2", Error);
  settings.context = 0;
  settings.masking = Masking::word;
  texts[0].word_start.clear();
  CHECK_THROWS_WITH_AS(score_masked(session, texts, settings),
                       "text 0: expected word starts of 5 tokens, found 0", Error);
  texts[0].ids.clear();
  CHECK_THROWS_WITH_AS(score_masked(session, texts, settings),
                       "text 0: expected at least one token, found none", Error);
}

}  // namespace
}  // namespace locus
