// What a session refuses, and what is left of a run that was refused or cancelled.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "tests/engine/session/sessions.hpp"
#include "tests/support/failure.hpp"

namespace locus::tests {
namespace {

TEST_CASE("bad batches are refused with one line, and the session lives on") {
  Session session(make_graph({.encoding = "learned"}), {.threads = 1});
  const auto ids = random_ids(6);
  const auto expected = run(session, ids);
  const std::vector<int32_t> outside{3, 97};
  const std::vector<int32_t> types{0};
  const auto too_long = random_ids(129);
  CHECK_THROWS_WITH(session.encode({}), "batch: expected at least one sequence, found none");
  CHECK_THROWS_WITH(session.encode(std::vector<Sequence>{{}}),
                    "batch: expected sequences of at least one id, found an empty sequence at 0");
  CHECK_THROWS_WITH(session.encode(std::vector<Sequence>{{outside}}),
                    "embedding: expected ids in [0, 97), found 97 in row 1");
  CHECK_THROWS_WITH(session.encode(std::vector<Sequence>{{ids, types}}),
                    "batch: expected 6 type ids, found 1");
  CHECK_THROWS_WITH(session.encode(std::vector<Sequence>{{too_long}}),
                    "batch: expected at most 128 positions, found 129");
  CHECK(run(session, ids) == expected);
  CHECK_THROWS_WITH(session.logits(std::vector<int64_t>{6}),
                    "logits: expected rows below 6, found 6");
}

TEST_CASE("a batch that no memory holds is refused before any of it is computed") {
  constexpr int64_t width = int64_t{1} << 20, rows = int64_t{1} << 22;  // 16 TiB
  TinyGraph tiny;
  tiny.spec.nodes = {{"wide", "embedding", {"ids"}, {}, {{"table", {"table", {}}}}, {}}};
  tiny.spec.outputs = {{"last_hidden_state", "wide"}};
  tiny.weights.add("table", Tensor({1, width}));
  Session session(std::make_shared<Graph>(tiny.spec, tiny.weights), {.threads = 1});
  const std::vector<int32_t> many(rows), one(1);
  const std::string message = failure_of([&] { session.encode(std::vector<Sequence>{{many}}); });
  CHECK(message.starts_with("batch: expected rows that "));
  CHECK(message.ends_with(" MiB of memory hold, found 4194304, which take 16777216 MiB or more"));
  CHECK(session.bytes() == 0);
  session.encode(std::vector<Sequence>{{one}});
  CHECK(session.output("last_hidden_state").count() == width);
}

TEST_CASE("a cancelled run ends at once, says so, and the session can be used again") {
  Session session(make_graph({.layers = 8}), {.threads = 2});
  const auto ids = random_ids(20);
  const auto expected = run(session, ids);
  session.cancel();
  CHECK(ends_cancelled([&] { session.encode(std::vector<Sequence>{{ids}}); }));
  session.resume();
  CHECK(run(session, ids) == expected);
}

TEST_CASE("a run that goes on is cancelled from another thread within 50 ms") {
  Session session(make_graph({.layers = 4, .context = 100000}), {.threads = 2});
  const auto ids = random_ids(20000);
  std::chrono::steady_clock::time_point cancelled;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    cancelled = std::chrono::steady_clock::now();
    session.cancel();
  });
  CHECK_THROWS_AS(session.encode(std::vector<Sequence>{{ids}}), Error);
  const auto ended = std::chrono::steady_clock::now();
  other.join();
  const auto late =
      std::chrono::duration_cast<std::chrono::milliseconds>(ended - cancelled).count();
  MESSAGE("ended after " << late << " ms");
  CHECK(late < 1000);  // generous: machines are shared and sanitizers slow; the target is 50
}

TEST_CASE("a run that fails leaves nothing to read, and the next one is whole") {
  const std::string none = "session: expected a run that ended well, found none";
  const auto ids = random_ids(9);
  const std::vector<int32_t> wrong{1, 2, 500};
  const std::vector<int64_t> row{0};
  Session session(make_graph({}), {.threads = 1, .trace = true});
  CHECK(failure_of([&] { session.logits(row); }) == none);
  const auto expected = run(session, ids);
  const auto fail = [&](const char* how) {
    const std::string means = how;
    if (means == "cancelled") session.cancel();
    const std::string message = failure_of(
        [&] { session.encode(std::vector<Sequence>{{means == "refused" ? wrong : ids}}); });
    session.resume();
    return message;
  };
  for (const char* how : {"cancelled", "refused"}) {
    CAPTURE(how);
    CHECK(fail(how) != "");
    CHECK(failure_of([&] { session.logits(row); }) == none);
    CHECK(failure_of([&] { session.output("last_hidden_state"); }) == none);
    CHECK(failure_of([&] { session.trace(); }) == none);
    CHECK(run(session, ids) == expected);
  }
}

TEST_CASE("a decode that fails appended nothing and may be made again") {
  const auto ids = random_ids(9), more = random_ids(2, 97, 3);
  const std::vector<int32_t> wrong{1, 500};
  Session session(make_graph({.encoding = "t5"}), {.threads = 1});
  session.decode(std::vector<Sequence>{{ids}});
  session.decode(std::vector<Sequence>{{more}});
  const auto expected = all_logits(session);
  session.restart();
  CHECK(failure_of([&] { session.decode(std::vector<Sequence>{{wrong}, {wrong}}); }) != "");
  session.decode(std::vector<Sequence>{{ids}});  // another number of sequences
  CHECK(failure_of([&] { session.decode(std::vector<Sequence>{{wrong}}); }) != "");
  session.cancel();
  CHECK(failure_of([&] { session.decode(std::vector<Sequence>{{more}}); }) == "run: cancelled");
  session.resume();
  CHECK(failure_of([&] { session.logits(std::vector<int64_t>{0}); }) != "");
  session.decode(std::vector<Sequence>{{more}});
  CHECK(all_logits(session) == expected);
}

TEST_CASE("logits that were cancelled are not read as an output") {
  const auto ids = random_ids(9);
  Session session(make_graph({}), {.threads = 1});
  session.encode(std::vector<Sequence>{{ids}});
  const auto expected = all_logits(session);
  session.cancel();
  CHECK(failure_of([&] { all_logits(session); }) == "run: cancelled");
  session.resume();
  CHECK(failure_of([&] { session.output("logits"); }) ==
        "session: expected an output 'logits', found none");
  CHECK(all_logits(session) == expected);
}

/// A causal graph of two layers whose second attention is changed.
TinyGraph changed_graph(const auto& change) {
  TinyGraph tiny = tiny_graph({});
  const auto node = std::ranges::find(tiny.spec.nodes, "layer.1.attention", &NodeSpec::name);
  change(*node, [&](const std::string& slot, const Shape& shape) {
    tiny.weights.add(slot, random_tensor(slot, shape));
    node->weights[slot] = {slot, {}};
  });
  return tiny;
}

void check_that_it_appends_nothing(const TinyGraph& tiny) {
  const auto graph = std::make_shared<Graph>(tiny.spec, tiny.weights);
  CHECK_FALSE(graph->causal());
  Session session(graph, {.threads = 1});
  const auto ids = random_ids(9);
  for (int step = 0; step < 2; ++step) {
    CHECK(failure_of([&] { session.decode(std::vector<Sequence>{{ids}}); }) ==
          "decode: expected a causal model, found 'tiny'");
  }
  CHECK(run(session, ids).size() == 9 * 97);
}

TEST_CASE("one attention that sees both sides is enough that no rows are appended") {
  check_that_it_appends_nothing(
      changed_graph([](NodeSpec& node, const auto&) { node.attributes.set("visibility", "all"); }));
  check_that_it_appends_nothing(changed_graph([](NodeSpec& node, const auto& give) {
    node.attributes.set("visibility", "all");
    give("type_keys", {2, 60});
  }));
  check_that_it_appends_nothing(changed_graph([](NodeSpec& node, const auto& give) {
    node.attributes.set("visibility", "sliding");
    node.attributes.set("left", int64_t{3});
    node.attributes.set("right", int64_t{1});
    node.attributes.set("global", "first");
    for (const char* slot : {"global_query", "global_key", "global_value"}) give(slot, {60, 60});
  }));
}

TEST_CASE("no rows are appended where a node reads its neighbours or counts its sequence") {
  for (const std::string kind : {"convolution", "token_dropout"}) {
    TinyGraph tiny = tiny_graph({});
    NodeSpec node{"between", kind, {"position"}, {}, {}, {}};
    if (kind == "token_dropout") node.attributes.set("id", int64_t{3});
    if (kind == "convolution") {
      tiny.weights.add("taps", random_tensor("taps", {60, 60, 3}));
      node.weights["weight"] = {"taps", {}};
    }
    tiny.spec.nodes.insert(tiny.spec.nodes.begin() + 2, node);
    tiny.spec.nodes[3].inputs = {"between"};
    check_that_it_appends_nothing(tiny);
  }
}

}  // namespace
}  // namespace locus::tests
