// Work that a small file may ask for: linear, bounded, and to be given up.
#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/graph.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::bounds {
namespace {

std::string message_of(const TinyGraph& tiny, const GraphOptions& options = {}) {
  return failure_of([&] { Graph(tiny.spec, tiny.weights, options); }, "none");
}

/// So many sums, each of the one before and the first.
TinyGraph sums(int64_t count) {
  TinyGraph tiny = tiny_graph({.layers = 0});
  const NodeSpec table = tiny.spec.nodes.front();
  tiny.spec.nodes = {table};
  for (int64_t index = 1; index < count; ++index) {
    tiny.spec.nodes.push_back({.name = "sum." + std::to_string(index),
                               .kind = "add",
                               .inputs = {tiny.spec.nodes.back().name, table.name}});
  }
  tiny.spec.outputs = {{"last_hidden_state", tiny.spec.nodes.back().name}};
  return tiny;
}

double seconds_for(int64_t nodes) {
  const TinyGraph tiny = sums(nodes);
  const std::clock_t begin = std::clock();
  CHECK(message_of(tiny) == "none");
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("four times the nodes take no more than ten times the time, and too many are refused") {
  const double few = seconds_for(15000), many = seconds_for(60000);
  CHECK(many < 10 * few + 0.5);
  CHECK(message_of(sums(65537)) == "graph: expected at most 65536 nodes, found 65537");
}

TEST_CASE("a scheme's text cannot ask for gigabytes, in one table or in many") {
  CHECK(message_of(tiny_graph({.encoding = "shaw:clip=50000000"})) ==
        "encoding: expected a table of at most 268435456 values, found [100000001, 12]");
  // The second table alone would just fit.
  CHECK(message_of(tiny_graph({.encoding = "shaw:clip=1+shaw:clip=11184810"}))
            .ends_with("found [22369621, 12] besides others"));
}

TEST_CASE("a chain has at most 64 links") {
  std::string chain = "alibi";
  for (int link = 1; link < 64; ++link) chain += "+alibi";
  CHECK(message_of(tiny_graph({.encoding = chain})) == "none");
  CHECK(message_of(tiny_graph({.encoding = chain + "+alibi"}))
            .starts_with("graph: expected at most 64 links in the chain of encoding '"));
}

TEST_CASE("the making of a graph tells how far it is, and ends when it is told to") {
  const TinyGraph tiny = tiny_graph();
  int64_t last = 0, total = 0, calls = 0;
  GraphOptions options;
  options.progress = [&](int64_t done, int64_t all) {
    CHECK(done >= last);
    last = done;
    total = all;
    ++calls;
  };
  CHECK(message_of(tiny, options) == "none");
  CHECK(total == static_cast<int64_t>(tiny.spec.nodes.size()));
  CHECK(last > total - 3);
  CHECK(calls > total);
  options.progress = [&](int64_t done, int64_t) {
    if (done == 3) throw Error::cancellation();
  };
  CHECK(message_of(tiny, options) == "run: cancelled");
  calls = 0;
  options.progress = [&](int64_t, int64_t) {
    if (++calls == 20) throw Error::cancellation();
  };
  CHECK(message_of(tiny_graph({.encoding = "shaw:clip=1000000"}), options) == "run: cancelled");
}

}  // namespace
}  // namespace locus::tests::bounds
