#include "models/answer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

/// [CLS] question [SEP] text [SEP], with ids below a tiny model's vocabulary.
struct Question {
  explicit Question(int64_t text, int64_t question = 5) {
    const int64_t count = text + question + 3;
    for (int64_t i = 0; i < count; ++i) {
      ids.push_back(static_cast<int32_t>((i * 37 + 11) % 97));
      type_ids.push_back(i < question + 2 ? 0 : 1);
    }
    asked = {ids, type_ids, question + 2, count - 1};
  }
  std::vector<int32_t> ids, type_ids;
  AskedText asked;
};

Session answering() {
  return Session(Model::open(golden_path("models/bert/answer"))->graph(), {1, false});
}

std::vector<double> column(ConstView logits) {
  std::vector<double> values;
  for (int64_t row = 0; row < logits.size(0); ++row) values.push_back(logits(row, 0));
  return values;
}

bool same(const std::vector<Range>& found,
          const std::vector<std::pair<int64_t, int64_t>>& expected) {
  return std::ranges::equal(found, expected, [](const Range& range, const auto& pair) {
    return range.begin == pair.first && range.end == pair.second;
  });
}

}  // namespace

TEST_CASE("windows overlap, the question goes with each, and the last ends with the text") {
  const Question asked(50);  // 8 tokens around the text, which are 7 ... 56
  CHECK(same(plan_answer_windows(asked.asked, {.window = 100}), {{7, 57}}));
  CHECK(same(plan_answer_windows(asked.asked, {.window = 58}), {{7, 57}}));
  CHECK(same(plan_answer_windows(asked.asked, {.window = 28, .overlap = 5}),
             {{7, 27}, {22, 42}, {37, 57}}));
  // More overlap than half of a part would hardly move on.
  CHECK(same(plan_answer_windows(asked.asked, {.window = 38, .overlap = 100}),
             {{7, 37}, {22, 52}, {37, 57}}));
  CHECK_THROWS_WITH_AS(
      plan_answer_windows(asked.asked, {.window = 8}),
      "question: expected fewer than 8 tokens, special ones included, so that there is room for "
      "the text, found 8",
      Error);
}

TEST_CASE("the best span has the largest sum of a start and an end, inside the text") {
  const Question question(40);
  Session session = answering();
  const Answers answers = find_answers(session, question.asked, {.max_length = 4, .top = 3});
  const Sequence whole{question.ids, question.type_ids, {}};
  session.encode({&whole, 1});
  const auto starts = column(session.output("start_logits"));
  const auto ends = column(session.output("end_logits"));
  std::vector<Answer> all;
  double start_total = std::exp(starts[0]), end_total = std::exp(ends[0]);
  for (int64_t first = 7; first < 47; ++first) {
    start_total += std::exp(starts[first]);
    end_total += std::exp(ends[first]);
    for (int64_t last = first; last < std::min<int64_t>(47, first + 4); ++last) {
      all.push_back({first, last, starts[first] + ends[last], 0});
    }
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Answer::score);
  REQUIRE(answers.best.size() == 3);
  CHECK(answers.windows == 1);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(answers.best[i].first == all[i].first);
    CHECK(answers.best[i].last == all[i].last);
    CHECK(answers.best[i].score == doctest::Approx(all[i].score));
    CHECK(answers.best[i].probability ==
          doctest::Approx(std::exp(all[i].score) / start_total / end_total));
  }
  CHECK(answers.none == doctest::Approx(starts[0] + ends[0]));
}

TEST_CASE("a long text is read in windows, and the best span of all of them wins, once") {
  const Question question(150);
  Session session = answering();
  const AnswerSettings settings{.window = 40, .overlap = 12, .max_length = 6, .top = 5};
  const Answers answers = find_answers(session, question.asked, settings);
  const auto windows = plan_answer_windows(question.asked, settings);
  CHECK(answers.windows == static_cast<int64_t>(windows.size()));
  CHECK(windows.size() > 5);
  double best = -1e9;
  for (const Range part : windows) {
    std::vector<int32_t> ids(question.ids.begin(), question.ids.begin() + 7);
    ids.insert(ids.end(), question.ids.begin() + part.begin, question.ids.begin() + part.end);
    ids.push_back(question.ids.back());
    std::vector<int32_t> types(7, 0);
    types.resize(ids.size(), 1);
    const Sequence sequence{ids, types, {}};
    session.encode({&sequence, 1});
    const auto starts = column(session.output("start_logits"));
    const auto ends = column(session.output("end_logits"));
    for (int64_t i = 7; i + 1 < static_cast<int64_t>(ids.size()); ++i) {
      for (int64_t j = i; j < i + 6 && j + 1 < static_cast<int64_t>(ids.size()); ++j) {
        best = std::max(best, starts[i] + ends[j]);
      }
    }
  }
  REQUIRE(answers.best.size() == 5);
  CHECK(answers.best[0].score == doctest::Approx(best));
  for (size_t i = 1; i < 5; ++i) {
    CHECK(answers.best[i].score <= answers.best[i - 1].score);
    for (size_t j = 0; j < i; ++j) {
      const bool twice = answers.best[i].first == answers.best[j].first &&
                         answers.best[i].last == answers.best[j].last;
      CHECK_FALSE(twice);
    }
  }
}

TEST_CASE("answers are found by models that answer, in a text that is there") {
  const Question question(3);
  Session session = answering();
  Session other(Model::open(golden_path("models/bert/lm"))->graph(), {1, false});
  CHECK_THROWS_WITH_AS(find_answers(other, question.asked, {}),
                       "answer: expected a model that answers questions, found masked-lm", Error);
  AskedText empty = question.asked;
  empty.end = empty.begin;
  CHECK_THROWS_WITH_AS(find_answers(session, empty, {}),
                       "answer: expected a text of at least one token, found none", Error);
  CHECK_THROWS_WITH_AS(find_answers(session, question.asked, {.top = 0}),
                       "top: expected at least 1, found 0", Error);
}

}  // namespace locus::tests
