#include "evaluation/windows.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

namespace locus {
namespace {

using Windows = std::vector<Window>;

struct Case {
  const char* name;
  int64_t tokens;
  WindowSettings settings;
  Windows expected;  // {begin, end, score_from, bos}
};

// Worked by hand. Input positions are bos + end - 1 - begin.
const std::vector<Case>& cases() {
  static const std::vector<Case> table{
      {"disjoint with bos: 3 tokens beside it",
       8,
       {Convention::disjoint, 4, 0, true},
       {{0, 3, 0, true}, {3, 6, 3, true}, {6, 8, 6, true}}},
      {"disjoint without bos loses the first token of each window",
       10,
       {Convention::disjoint, 4, 0, false},
       {{0, 4, 1, false}, {4, 8, 5, false}, {8, 10, 9, false}}},
      {"disjoint without bos: a tail of one token predicts nothing",
       9,
       {Convention::disjoint, 4, 0, false},
       {{0, 4, 1, false}, {4, 8, 5, false}}},
      {"sliding with bos, stride 2 of 5",
       9,
       {Convention::sliding, 5, 2, true},
       {{0, 4, 0, true}, {2, 6, 4, true}, {4, 8, 6, true}, {6, 9, 8, true}}},
      {"sliding without bos",
       9,
       {Convention::sliding, 5, 2, false},
       {{0, 5, 1, false}, {2, 7, 5, false}, {4, 9, 7, false}}},
      {"sliding: the default stride is half the context",
       8,
       {Convention::sliding, 4, 0, true},
       {{0, 3, 0, true}, {2, 5, 3, true}, {4, 7, 5, true}, {6, 8, 7, true}}},
      {"hf has no bos even where the model has one",
       9,
       {Convention::hf, 4, 2, true},
       {{0, 4, 1, false}, {2, 6, 4, false}, {4, 8, 6, false}, {6, 9, 8, false}}},
      {"hf, stride equal to context",
       9,
       {Convention::hf, 4, 4, true},
       {{0, 4, 1, false}, {4, 8, 5, false}}},
      // Opened text: B 0 1 2 3 4 5 6 | 7..14 | rest dropped. Chunk 0 scores opened tokens 5 6 7,
      // which are ids 4 5 6; chunk 1 replaces its first token, id 7, by B.
      {"llama.cpp with bos",
       18,
       {Convention::llama_cpp, 8, 0, true},
       {{0, 7, 4, true}, {8, 15, 12, true}}},
      {"llama.cpp without bos",
       18,
       {Convention::llama_cpp, 8, 0, false},
       {{0, 8, 5, false}, {8, 16, 13, false}}},
      {"llama.cpp: one token short of a chunk", 6, {Convention::llama_cpp, 8, 0, true}, {}},
      {"llama.cpp: the bos token fills the chunk",
       7,
       {Convention::llama_cpp, 8, 0, true},
       {{0, 7, 4, true}}},
      {"lm-eval: the tail sees a whole context",
       10,
       {Convention::lm_eval, 4, 0, true},
       {{0, 4, 0, true}, {3, 8, 4, false}, {5, 10, 8, false}}},
      {"lm-eval: a text of exactly one context",
       4,
       {Convention::lm_eval, 4, 0, true},
       {{0, 4, 0, true}}},
      {"a text shorter than a window", 2, {Convention::sliding, 8, 4, true}, {{0, 2, 0, true}}},
      {"one token with bos", 1, {Convention::sliding, 8, 4, true}, {{0, 1, 0, true}}},
      {"one token without bos", 1, {Convention::sliding, 8, 4, false}, {}},
      {"no token", 0, {Convention::lm_eval, 8, 0, true}, {}},
  };
  return table;
}

TEST_CASE("windows are those worked by hand for every convention") {
  for (const Case& example : cases()) {
    CAPTURE(example.name);
    const Windows found = plan_windows(example.tokens, example.settings);
    REQUIRE(found.size() == example.expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      CAPTURE(i);
      CHECK(found[i].begin == example.expected[i].begin);
      CHECK(found[i].end == example.expected[i].end);
      CHECK(found[i].score_from == example.expected[i].score_from);
      CHECK(found[i].bos == example.expected[i].bos);
    }
  }
}

std::vector<int> times_scored(int64_t tokens, const Windows& windows) {
  std::vector<int> times(static_cast<size_t>(tokens));
  for (const Window& window : windows) {
    for (int64_t i = window.score_from; i < window.end; ++i) ++times[static_cast<size_t>(i)];
  }
  return times;
}

TEST_CASE("each token is scored once, whatever the length of text, context and stride") {
  for (int64_t tokens = 1; tokens < 40; ++tokens) {
    for (int64_t context = 2; context < 12; ++context) {
      for (int64_t stride = 1; stride < context; ++stride) {
        CAPTURE(tokens);
        CAPTURE(context);
        CAPTURE(stride);
        const auto once = std::vector<int>(static_cast<size_t>(tokens), 1);
        for (const Convention convention : {Convention::sliding, Convention::disjoint}) {
          CHECK(times_scored(tokens, plan_windows(tokens, {convention, context, stride, true})) ==
                once);
        }
        CHECK(times_scored(tokens, plan_windows(tokens, {Convention::lm_eval, context, 0, true})) ==
              once);
        auto all_but_first = once;
        all_but_first[0] = 0;
        CHECK(times_scored(tokens, plan_windows(tokens, {Convention::hf, context, stride, true})) ==
              all_but_first);
      }
    }
  }
}

TEST_CASE("no window asks for more positions than the context") {
  for (int64_t context = 2; context < 12; ++context) {
    for (const Convention convention :
         {Convention::sliding, Convention::disjoint, Convention::llama_cpp, Convention::lm_eval,
          Convention::hf}) {
      for (const Window& window : plan_windows(37, {convention, context, 1, true})) {
        CAPTURE(name_of(convention));
        CHECK(window.inputs() <= context);
        CHECK(window.context(window.score_from) >= 1);
      }
    }
  }
}

TEST_CASE("sliding windows give every token but those of the first window enough context") {
  const WindowSettings settings{Convention::sliding, 9, 3, true};
  for (const Window& window : plan_windows(50, settings)) {
    if (window.begin == 0) continue;
    CHECK(window.context(window.score_from) == 1 + 8 - 3);
  }
}

TEST_CASE("conventions are known by name") {
  for (const char* name : {"sliding", "disjoint", "llama.cpp", "lm-eval", "hf"}) {
    CHECK(name_of(parse_convention(name)) == name);
  }
  CHECK_THROWS_WITH_AS(parse_convention("strided"),
                       "convention: expected sliding, disjoint, llama.cpp, lm-eval or hf, found "
                       "strided",
                       Error);
}

TEST_CASE("contexts, strides and prefixes that make no sense are refused") {
  CHECK_THROWS_WITH_AS(plan_windows(9, {Convention::disjoint, 1, 0, true}),
                       "windows: expected a context of at least 2, found 1", Error);
  CHECK_THROWS_WITH_AS(plan_windows(9, {Convention::sliding, 8, 8, true}),
                       "windows: expected a stride of 1 to 7, found 8", Error);
  CHECK_THROWS_WITH_AS(plan_windows(9, {Convention::hf, 8, 9, true}),
                       "windows: expected a stride of 1 to 8, found 9", Error);
  CHECK_THROWS_WITH_AS(plan_windows(9, {Convention::lm_eval, 8, 0, false}),
                       "lm-eval: expected a prefix token, found a model without one", Error);
}

TEST_CASE("a length sweep scores the same targets at every context, each with a whole window") {
  // Longest window: bos and 7 tokens. Blocks of 2 from token 5 on: [5, 7), [7, 9), [9, 11).
  const auto plans = plan_sweep(12, {{4, 8}, 2, 0, true});
  REQUIRE(plans.size() == 2);
  CHECK(plans[0] == Windows{{4, 7, 5, true}, {6, 9, 7, true}, {8, 11, 9, true}});
  CHECK(plans[1] == Windows{{0, 7, 5, true}, {2, 9, 7, true}, {4, 11, 9, true}});
}

TEST_CASE("a length sweep takes evenly spaced blocks when there are more than asked for") {
  const auto plans = plan_sweep(23, {{4}, 2, 3, false});  // 10 blocks from token 2 on
  REQUIRE(plans.size() == 1);
  CHECK(plans[0] == Windows{{0, 4, 2, false}, {6, 10, 8, false}, {12, 16, 14, false}});
}

TEST_CASE("a length sweep needs a text as long as its longest context") {
  CHECK(plan_sweep(6, {{4, 8}, 2, 0, true})[0].empty());
  CHECK(plan_sweep(7, {{4, 8}, 2, 0, true})[0].size() == 1);
  CHECK_THROWS_WITH_AS(plan_sweep(99, {{4, 8}, 4, 0, true}),
                       "windows: expected a block of 1 to 3, found 4", Error);
}

}  // namespace
}  // namespace locus
