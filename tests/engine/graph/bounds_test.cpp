// Work that a small file may ask for: linear, bounded, and to be given up.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/graph.hpp"
#include "engine/weights.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"
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

TEST_CASE("a precision that no name has is refused") {
  const TinyGraph tiny = tiny_graph({});
  CHECK_THROWS_WITH_AS(
      Graph(tiny.spec, tiny.weights, GraphOptions{.precision = static_cast<Precision>(7)}),
      "precision: expected f32, bf16 or int8, found number 7", Error);
}

TEST_CASE("a scheme's text cannot ask for gigabytes, in one table or in many") {
  CHECK(message_of(tiny_graph({.encoding = "shaw:clip=50000000"})) ==
        "encoding: expected a table of at most 268435456 values, found [100000001, 12]");
  // The second table alone would just fit.
  CHECK(message_of(tiny_graph({.encoding = "shaw:clip=1+shaw:clip=11184810"}))
            .ends_with("found [22369621, 12] besides others"));
}

/// A file of weights whose size is claimed and not written: it takes a few kilobytes of a disk.
Weights weights_with(const TemporaryFolder& folder, const std::string& name, int64_t rows) {
  const int64_t bytes = rows * 96 * int64_t{sizeof(float)};
  const std::string header = "{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[" +
                             std::to_string(rows) + ",96],\"data_offsets\":[0," +
                             std::to_string(bytes) + "]}}";
  const auto size = static_cast<uint64_t>(header.size());
  std::string text(reinterpret_cast<const char*>(&size), sizeof(size));
  const auto file = folder.write("model.safetensors", text + header);
  std::filesystem::resize_file(file, text.size() + header.size() + static_cast<uint64_t>(bytes));
  return open_safetensors(file);
}

TEST_CASE("weights that no memory holds are refused before they are read") {
  const TemporaryFolder folder;
  GraphSpec spec;
  spec.width = 96;
  spec.nodes = {{"words", "embedding", {"ids"}, {}, {{"table", {"table", {}}}}, {}}};
  spec.outputs = {{"last_hidden_state", "words"}};
  const auto refusal = [&](const Weights& weights) {
    return failure_of([&] { Graph(spec, weights); }, "none");
  };
  constexpr int64_t rows = int64_t{1} << 31;  // 768 GiB
  const Weights table = weights_with(folder, "table", rows);
  CHECK(refusal(table).starts_with("table: expected weights that "));
  CHECK(refusal(table).ends_with(" MiB of memory hold, found 206158430208 values beside 0 MiB"));

  Weights both = weights_with(folder, "map", rows);
  both.add("table", Tensor({1, 96}));
  spec.nodes.push_back({"map", "linear", {"words"}, {}, {{"weight", {"map", {}}}}, {}});
  spec.outputs = {{"last_hidden_state", "map"}};
  CHECK(refusal(both).starts_with("map: expected weights that "));
  spec.nodes.back().weights["weight"] = {"map", {slice(0, 0, 1)}};
  CHECK(refusal(both).starts_with("map: expected weights that "));  // read whole, to be cut
}

TEST_CASE("numbers of nodes are those that a float can be") {
  for (const double value : {1e39, -1e39, 1e300, 1e-50}) {
    TinyGraph tiny = tiny_graph({.layers = 1});
    NodeSpec& attention = *std::ranges::find(tiny.spec.nodes, "attention", &NodeSpec::kind);
    attention.attributes.set("scale", value);
    CAPTURE(value);
    CHECK(message_of(tiny) == attention.name +
                                  ": expected 'scale' within the range of F32, found " +
                                  to_string(Attribute(value)));
  }
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
