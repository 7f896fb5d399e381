#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <thread>

#include "base/error.hpp"
#include "tests/engine/session/sessions.hpp"

namespace locus::tests {
namespace {

TEST_CASE("a ragged batch gives each sequence the bits that it has alone") {
  for (const char* encoding : {"none", "sinusoidal", "alibi", "rope", "t5", "shaw", "nezha"}) {
    CAPTURE(encoding);
    Session session(make_graph({.encoding = encoding}), {.threads = 2});
    const auto first = random_ids(70, 97, 1), second = random_ids(1, 97, 2),
               third = random_ids(23, 97, 3);
    const std::vector<float> alone[] = {run(session, first), run(session, second),
                                        run(session, third)};
    session.encode(std::vector<Sequence>{{first}, {second}, {third}});
    const std::vector<float> together = all_logits(session);
    std::vector<float> joined;
    for (const auto& part : alone) joined.insert(joined.end(), part.begin(), part.end());
    CHECK(largest_difference(together, joined) < 1e-5);
  }
}

TEST_CASE("the same bits come out for any number of threads") {
  const auto graph = make_graph({.encoding = "rope"});
  const auto ids = random_ids(101);
  Session one(graph, {.threads = 1}), two(graph, {.threads = 2}), three(graph, {.threads = 3});
  const auto expected = run(one, ids);
  CHECK(run(two, ids) == expected);
  CHECK(run(three, ids) == expected);
}

TEST_CASE("two sessions on one graph in two threads give the numbers of one, bit for bit") {
  const auto graph = make_graph({.encoding = "alibi"});
  const auto first = random_ids(64, 97, 4), second = random_ids(33, 97, 5);
  Session alone(graph, {.threads = 1});
  const auto expected_first = run(alone, first), expected_second = run(alone, second);
  const auto work = [&](const std::vector<int32_t>& ids, const std::vector<float>& expected,
                        int& same) {
    Session session(graph, {.threads = 2});
    for (int round = 0; round < 5; ++round) same += run(session, ids) == expected;
  };
  int first_same = 0, second_same = 0;
  std::thread other([&] { work(second, expected_second, second_same); });
  work(first, expected_first, first_same);
  other.join();
  CHECK(first_same == 5);
  CHECK(second_same == 5);
}

TEST_CASE("decoding step by step equals one pass, with grouped queries too") {
  for (int64_t kv_heads : {1, 5}) {
    CAPTURE(kv_heads);
    Session session(make_graph({.encoding = "rope+alibi", .kv_heads = kv_heads}), {.threads = 2});
    const auto ids = random_ids(40);
    const auto whole = run(session, ids);
    session.restart();
    std::vector<float> stepwise;
    for (size_t begin = 0; begin < ids.size();) {
      const size_t count = begin == 0 ? 17 : 1;  // a prompt, then a token each
      session.decode(std::vector<Sequence>{{std::span(ids).subspan(begin, count)}});
      const auto part = all_logits(session);
      stepwise.insert(stepwise.end(), part.begin(), part.end());
      begin += count;
    }
    CHECK(largest_difference(stepwise, whole) < 1e-5);
  }
}

TEST_CASE("sequences of unequal length decode together, and reordering copies their past") {
  Session session(make_graph({.encoding = "sinusoidal"}), {.threads = 1});
  const auto first = random_ids(9, 97, 6), second = random_ids(4, 97, 7);
  const std::vector<int32_t> next{11}, other{12};
  session.decode(std::vector<Sequence>{{first}, {second}});
  session.reorder(std::vector<int64_t>{1, 0, 1});
  session.decode(std::vector<Sequence>{{next}, {next}, {other}});
  const auto together = all_logits(session);
  auto text = second;
  text.push_back(12);
  const auto alone = run(session, text);
  CHECK(largest_difference(std::span(together).subspan(size_t{2} * 97, 97),
                           std::span(alone).last(97)) < 1e-5);
}

/// The logits of each step of one sequence that runs by itself.
std::vector<std::vector<float>> run_steps(Session& session,
                                          const std::vector<std::vector<int32_t>>& steps) {
  session.restart();
  std::vector<std::vector<float>> logits;
  for (const auto& ids : steps) {
    session.decode(std::vector<Sequence>{{ids}});
    logits.push_back(all_logits(session));
  }
  return logits;
}

TEST_CASE("a sequence begins while others go on, to the bit as by itself") {
  Session session(make_graph({.encoding = "rope"}), {.threads = 1});
  const auto first = random_ids(9, 97, 6), second = random_ids(4, 97, 7), third = random_ids(70);
  const std::vector<int32_t> next{11};
  session.decode(std::vector<Sequence>{{first}, {second}});
  session.reorder(std::vector<int64_t>{1, -1});  // the first has ended
  session.decode(std::vector<Sequence>{{next}, {third}});
  const auto joined = all_logits(session);
  session.decode(std::vector<Sequence>{{next}, {next}});
  const auto later = all_logits(session);

  Session other(make_graph({.encoding = "rope"}), {.threads = 1});
  const auto alone = run_steps(other, {third, next});
  CHECK(std::ranges::equal(std::span(joined).subspan(97), alone[0]));
  CHECK(std::ranges::equal(std::span(later).subspan(97), alone[1]));
  const auto went_on = run_steps(other, {second, next, next});
  CHECK(std::ranges::equal(std::span(joined).first(97), went_on[1]));
  CHECK(std::ranges::equal(std::span(later).first(97), went_on[2]));
  CHECK_THROWS_WITH_AS(session.reorder(std::vector<int64_t>{0, -2}),
                       "reorder: expected parents below 2, found -2", Error);
}

TEST_CASE("calls of a session that was moved from, or of no graph, are errors") {
  Session session(make_graph({.encoding = "rope"}), {.threads = 1});
  Session taken = std::move(session);
  const std::vector<int32_t> ids{1, 2};
  const std::vector<Sequence> batch{{ids}};
  const std::vector<int64_t> rows{0};
  const std::vector<std::function<void()>> calls{
      [&] { session.graph(); },
      [&] { session.threads(); },
      [&] { session.encode(batch); },
      [&] { session.decode(batch); },
      [&] { session.restart(); },
      [&] { session.reorder(rows); },
      [&] { session.offsets(); },
      [&] { session.logits(rows); },
      [&] { session.output("logits"); },
      [&] { session.trace(); },
      [&] { session.observe({}); },
      [&] { session.time_nodes({}); },
      [&] { session.parallel(1, [](int64_t, int) {}); },
      [&] { session.bytes(); },
  };
  for (const auto& call : calls) {
    CHECK_THROWS_WITH_AS(
        call(), "session: expected one that holds a graph, found one that was moved from", Error);
  }
  session.cancel();
  session.resume();
  taken.encode(batch);
  CHECK_THROWS_WITH_AS(Session(nullptr), "session: expected a graph, found none", Error);
}

TEST_CASE("positions that are given equal those that are counted") {
  Session session(make_graph({.encoding = "rope+sinusoidal"}), {.threads = 1});
  const auto ids = random_ids(12);
  std::vector<float> positions(12);
  std::iota(positions.begin(), positions.end(), 0.0f);
  const auto counted = run(session, ids);
  session.encode(std::vector<Sequence>{{ids, {}, positions}});
  CHECK(largest_difference(all_logits(session), counted) < 1e-5);
  positions[3] = 9;
  session.encode(std::vector<Sequence>{{ids, {}, positions}});
  CHECK(largest_difference(all_logits(session), counted) > 1e-3);
}

TEST_CASE("logits are computed for the requested rows alone, in their order") {
  Session session(make_graph({}), {.threads = 1});
  const auto ids = random_ids(8);
  const auto all = run(session, ids);
  const ConstView some = session.logits(std::vector<int64_t>{5, 2});
  REQUIRE(some.size(0) == 2);
  CHECK(std::equal(some.row(0).begin(), some.row(0).end(), all.begin() + int64_t{5} * 97));
  CHECK(std::equal(some.row(1).begin(), some.row(1).end(), all.begin() + int64_t{2} * 97));
}

TEST_CASE("what stands after the last attention is computed for rows that are asked for, or all") {
  for (const bool causal : {false, true}) {
    CAPTURE(causal);
    const auto graph = make_graph({.causal = causal});
    const auto ids = random_ids(41);
    Session session(graph, {.threads = 2}), traced(graph, {.threads = 1, .trace = true});
    run(traced, ids);
    const ConstView expected = traced.output("last_hidden_state");
    session.encode(std::vector<Sequence>{{ids}});
    const ConstView some = session.logits(std::vector<int64_t>{40, 3, 3});
    const std::vector<float> third(some.row(1).begin(), some.row(1).end());
    const ConstView hidden = session.output("last_hidden_state");
    REQUIRE(hidden.count() == expected.count());
    CHECK(std::equal(hidden.data, hidden.data + hidden.count(), expected.data));
    const ConstView again = session.logits(std::vector<int64_t>{3});
    CHECK(std::ranges::equal(again.row(0), third));
    CHECK(session.logits({}).size(0) == 0);
  }
}

TEST_CASE("tracing changes no number") {
  const auto graph = make_graph({.encoding = "nezha"});
  const auto ids = random_ids(23);
  Session plain(graph, {.threads = 1}), traced(graph, {.threads = 1, .trace = true});
  CHECK(run(plain, ids) == run(traced, ids));
  CHECK(traced.trace().size() == graph->nodes().size());
}

TEST_CASE("an observer sees probabilities that sum to one over visible keys") {
  Session session(make_graph({.encoding = "alibi"}), {.threads = 1});
  int64_t rows = 0;
  session.observe([&](const AttentionTile& tile) {
    for (int64_t row = 0; row < tile.probabilities.size(0); ++row) {
      double sum = 0;
      for (float value : tile.probabilities.row(row)) sum += value;
      CHECK(sum == doctest::Approx(1).epsilon(1e-5));
      ++rows;
    }
  });
  run(session, random_ids(70));
  CHECK(rows == 2 * 5 * 70);  // layers, heads, queries
}

TEST_CASE("a bidirectional graph sees later tokens and refuses to decode") {
  Session session(make_graph({.causal = false}), {.threads = 1});
  auto ids = random_ids(10);
  const auto before = run(session, ids);
  ids.back() = (ids.back() + 1) % 97;
  const auto after = run(session, ids);
  CHECK(largest_difference(std::span(before).first(97), std::span(after).first(97)) > 1e-4);
  CHECK_THROWS_WITH(session.decode(std::vector<Sequence>{{ids}}),
                    "decode: expected a causal model, found 'tiny'");
}

TEST_CASE("a causal graph does not see later tokens") {
  Session session(make_graph({}), {.threads = 1});
  auto ids = random_ids(90);
  const auto before = run(session, ids);
  ids.back() = (ids.back() + 1) % 97;
  const auto after = run(session, ids);
  CHECK(std::equal(before.begin(), before.end() - 97, after.begin()));
}

TEST_CASE("memory stops growing after the first runs") {
  Session session(make_graph({}), {.threads = 1});
  const auto ids = random_ids(100);
  run(session, ids);
  run(session, ids);
  const int64_t bytes = session.bytes();
  for (int round = 0; round < 20; ++round) run(session, ids);
  CHECK(session.bytes() == bytes);
}

TEST_CASE("reorder copies a sequence that has had no row yet") {
  Session session(make_graph({.encoding = "rope"}), {.threads = 1});
  const auto ids = random_ids(5), more = random_ids(3, 97, 8);
  session.decode(std::vector<Sequence>{{{}}, {ids}});
  session.reorder(std::vector<int64_t>{0, 1, 0});
  session.decode(std::vector<Sequence>{{more}, {more}, {ids}});
  const auto together = all_logits(session);
  Session fresh(make_graph({.encoding = "rope"}), {.threads = 1});
  fresh.decode(std::vector<Sequence>{{more}});
  const auto alone = all_logits(fresh);
  CHECK(largest_difference(std::span(together).first(alone.size()), alone) < 1e-5);

  Session other(make_graph({.encoding = "rope"}), {.threads = 1});
  other.decode(std::vector<Sequence>{{ids}, {{}}});
  other.reorder(std::vector<int64_t>{1});
  other.decode(std::vector<Sequence>{{more}});
  CHECK(largest_difference(all_logits(other), alone) < 1e-5);
}

}  // namespace
}  // namespace locus::tests
