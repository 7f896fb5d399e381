#include "evaluation/probes.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "tests/evaluation/probes/induction_head.hpp"
#include "tests/support/paths.hpp"

namespace locus {
namespace {

using namespace locus::tests;

std::vector<int32_t> alphabet_of(int32_t first, int32_t count) {
  std::vector<int32_t> alphabet(static_cast<size_t>(count));
  std::iota(alphabet.begin(), alphabet.end(), first);
  return alphabet;
}

ScoringSettings induction_settings() {
  ScoringSettings settings;
  settings.tokens.bos = 0;
  return settings;
}

/// The loss of the scored tokens by what the model is made to do; id 0 opens the text.
FloorLosses by_hand(std::span<const ProbeText> probes) {
  FloorLosses losses;
  for (const ProbeText& probe : probes) {
    std::vector<int32_t> ids{0};
    ids.insert(ids.end(), probe.ids.begin(), probe.ids.end());
    auto& own = losses.emplace_back();
    for (size_t at = static_cast<size_t>(probe.from) + 1; at < ids.size(); ++at) {
      own.push_back(induction_loss(ids, at));
    }
  }
  return losses;
}

TEST_CASE("an induction head made by hand recalls at every distance what it is made to recall") {
  Session session(induction_graph(), {.threads = 1});
  const RecallSettings settings{8, {12, 24, 31}, 3, 5, alphabet_of(1, 39)};
  const auto found = probe_recall(probe_scorer(session, induction_settings()), settings);
  const auto expected = probe_recall(by_hand, settings);
  REQUIRE(found.size() == 3);
  for (size_t point = 0; point < found.size(); ++point) {
    for (size_t trial = 0; trial < found[point].gains.size(); ++trial) {
      for (size_t at = 0; at < 8; ++at) {
        CAPTURE(at);
        CHECK(found[point].gains[trial][at] ==
              doctest::Approx(expected[point].gains[trial][at]).epsilon(1e-4));
      }
    }
    // All tokens are drawn once: after the first, each is certain, against one that is new.
    CHECK(gain_by_position(found[point])[4] > 2);
    CHECK(gain_by_position(found[point])[0] < 1);  // what stands before it is new
  }
  CHECK(recall_units(found).size() == 3);
  CHECK(recall_units(found)[0].weight == 24);
}

TEST_CASE("a trigram, which remembers two tokens, gains nothing at any distance") {
  const Floors floors = Floors::open(source_path("tests/goldens/floors"));
  const RecallSettings settings{5, {7, 9}, 4, 1, alphabet_of(2, 12)};
  for (const RecallPoint& point : probe_recall(probe_scorer(floors), settings)) {
    for (const auto& gains : point.gains) {
      REQUIRE(gains.size() == 5);
      for (const double gain : gains) CHECK(gain == 0);
    }
  }
  const RecallSettings near{5, {6}, 1, 1, alphabet_of(2, 12)};
  CHECK_THROWS_WITH_AS(probe_recall(probe_scorer(floors), near),
                       "recall: expected distances above 6, found 6", Error);
}

TEST_CASE("a passkey is found by what copies and by chance by what does not") {
  Session session(induction_graph(), {.threads = 1});
  std::vector<PasskeyTrial> trials;
  for (int32_t i = 0; i < 3; ++i) {
    // `30 31 KEY 32` in the text, and `30 31` asks for it.
    trials.push_back({{30, 31}, {32}, {30, 31}, {{20 + i}, {23}, {24}, {25}}});
  }
  const PasskeySettings settings{{16, 40}, {0, 0.5, 1}, alphabet_of(1, 9)};
  const auto cells = probe_passkey(probe_scorer(session, induction_settings()), trials, settings);
  REQUIRE(cells.size() == 6);
  for (const PasskeyCell& cell : cells) {
    for (size_t trial = 0; trial < 3; ++trial) {
      CHECK(cell.found[trial] == 1);
      CHECK(cell.margin[trial] == doctest::Approx(induction_sharpness).epsilon(1e-4));
    }
  }
  CHECK(passkey_units(cells) == std::vector<Unit>(3, Unit{6, 6}));
  const ScoreProbe indifferent = [](std::span<const ProbeText> probes) {
    for (const ProbeText& probe : probes) CHECK(probe.ids.size() == 16);
    return FloorLosses(probes.size(), {1.0});
  };
  const auto chance = probe_passkey(indifferent, trials, {{16}, {0.3}, {1}});
  CHECK(chance[0].found == std::vector<double>(3, 0.25));
  CHECK_THROWS_AS(probe_passkey(indifferent, trials, {{6}, {0}, {1}}), Error);
}

TEST_CASE("of a minimal pair the likelier text counts, and a tie by half") {
  const ScoreProbe by_length = [](std::span<const ProbeText> probes) {
    FloorLosses losses;
    for (const ProbeText& probe : probes) {
      losses.emplace_back(probe.ids.size() - static_cast<size_t>(probe.from), 0.5);
    }
    return losses;
  };
  const std::vector<MinimalPair> pairs{{{1, 2}, {1, 2, 3}}, {{1, 2}, {2, 1}}, {{1, 2}, {1}}};
  const auto scores = probe_pairs(by_length, pairs);
  CHECK(scores[0].right == 1);
  CHECK(scores[0].wrong == 1.5);
  CHECK(pair_units(scores) == std::vector<Unit>{{1, 1}, {0.5, 1}, {0, 1}});
}

}  // namespace
}  // namespace locus
