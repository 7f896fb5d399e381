// What Transformer-XL asks of attention, embeddings and heads: rows before a text, segments,
// clusters.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "engine/session.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus {
namespace {

using tests::random_ids;
using tests::tiny_graph;
using tests::TinyGraph;
using tests::TinyOptions;

/// A tiny graph whose attention nodes have other attributes, and a row that stands before texts.
std::shared_ptr<const Graph> remembering(const TinyOptions& options, const Attributes& changes) {
  TinyGraph tiny = tiny_graph(options);
  const int64_t width = options.heads * options.head_size;
  tiny.weights.add("before", tests::random_tensor("before", {width}));
  for (NodeSpec& node : tiny.spec.nodes) {
    if (node.kind != "attention") continue;
    for (const auto& [name, value] : changes.values()) node.attributes.set(name, value);
    node.weights["memory_row"] = {"before", {}};
  }
  return std::make_shared<Graph>(tiny.spec, tiny.weights, GraphOptions{.seed = 7});
}

Attributes same_length(int64_t memory) {
  return {
      {"visibility", "sliding"}, {"left", memory}, {"right", int64_t{0}}, {"memory_rows", memory}};
}

Attributes segments(int64_t memory) {
  return {{"visibility", "segment"}, {"memory", memory}, {"memory_rows", memory}};
}

std::vector<float> logits_of(Session& session) {
  std::vector<int64_t> rows(session.offsets().back());
  std::iota(rows.begin(), rows.end(), 0);
  const ConstView logits = session.logits(rows);
  return {logits.data, logits.data + logits.count()};
}

double apart(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max<double>(largest, std::abs(a[i] - b[i]));
  return largest;
}

std::vector<float> in_pieces(Session& session, std::span<const int32_t> ids,
                             const std::vector<size_t>& pieces) {
  session.restart();
  std::vector<float> all;
  for (size_t begin = 0, piece = 0; begin < ids.size(); begin += pieces[piece++]) {
    session.decode(std::vector<Sequence>{{ids.subspan(begin, pieces[piece])}});
    const auto part = logits_of(session);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST_CASE("decoding step by step equals one pass where rows stand before each sequence") {
  for (const char* encoding : {"none", "rope", "alibi", "transformer_xl", "shaw"}) {
    CAPTURE(encoding);
    Session session(remembering({.encoding = encoding}, same_length(5)), {.threads = 2});
    const auto ids = random_ids(20);
    session.encode(std::vector<Sequence>{{ids}});
    const auto whole = logits_of(session);
    CHECK(apart(in_pieces(session, ids, {9, 1, 1, 4, 5}), whole) < 1e-4);
  }
}

TEST_CASE("a ragged batch and reordered beams keep the rows before each sequence") {
  Session session(remembering({.encoding = "transformer_xl"}, same_length(5)), {.threads = 1});
  const auto first = random_ids(9, 97, 6), second = random_ids(3, 97, 7);
  const std::vector<int32_t> next{11}, other{12};
  session.decode(std::vector<Sequence>{{first}, {second}});
  session.reorder(std::vector<int64_t>{1, 0, 1});
  session.decode(std::vector<Sequence>{{next}, {next}, {other}});
  const auto together = logits_of(session);
  auto text = second;
  text.push_back(12);
  session.encode(std::vector<Sequence>{{text}});
  const auto alone = logits_of(session);
  CHECK(apart(std::span(together).subspan(2 * 97, 97), std::span(alone).last(97)) < 1e-4);
}

TEST_CASE("positions that are given go on to the left of a sequence") {
  Session session(remembering({.encoding = "rope"}, same_length(4)), {.threads = 1});
  const auto ids = random_ids(12);
  std::vector<float> positions(12);
  std::iota(positions.begin(), positions.end(), 40.0f);
  session.encode(std::vector<Sequence>{{ids}});
  const auto counted = logits_of(session);
  session.encode(std::vector<Sequence>{{ids, {}, positions}});
  CHECK(apart(logits_of(session), counted) < 1e-4);
}

TEST_CASE("rows before a text take their share of attention") {
  Session session(remembering({.layers = 1}, segments(3)), {.threads = 1});
  const auto ids = random_ids(4);
  int tiles = 0;
  session.observe([&](const AttentionTile& tile) {
    ++tiles;
    CHECK(tile.first_key == -3);
    CHECK(tile.probabilities.size(1) == 7);
    for (int64_t row = 0; row < 4; ++row) {
      const auto p = tile.probabilities.row(row);
      CHECK(std::accumulate(p.begin(), p.end(), 0.0) == doctest::Approx(1));
      // One and the same row, three times, to a model without positions.
      CHECK(p[0] > 0);
      CHECK(p[1] == doctest::Approx(p[0]));
      CHECK(p[2] == doctest::Approx(p[0]));
    }
  });
  session.encode(std::vector<Sequence>{{ids}});
  CHECK(tiles == 5);
}

TEST_CASE("a segment sees its own rows and so many of those before it") {
  const auto visible = visible_segment(3);
  const Range first = visible->keys(4, {8, 3});  // a run of five rows after three
  CHECK(first.begin == 0);
  CHECK(first.end == 5);
  const Range later = visible->keys(9, {11, 8});
  CHECK(later.begin == 5);
  CHECK(later.end == 10);
}

TEST_CASE("what a query of segments sees depends on how a text is cut") {
  Session session(remembering({.encoding = "alibi"}, segments(4)), {.threads = 1});
  const auto ids = random_ids(16);
  session.encode(std::vector<Sequence>{{ids}});
  const auto whole = logits_of(session);
  CHECK(apart(in_pieces(session, ids, {16}), whole) < 1e-4);
  const auto cut = in_pieces(session, ids, {8, 8});
  CHECK(apart(std::span(cut).first(8 * 97), std::span(whole).first(8 * 97)) < 1e-4);
  CHECK(apart(std::span(cut).last(97), std::span(whole).last(97)) > 1e-3);
}

TEST_CASE("rows before a text count against a limited encoding's length") {
  const auto graph = remembering({.encoding = "relative_key", .context = 16}, same_length(5));
  CHECK(graph->max_length() == 11);
}

TEST_CASE("an adaptive softmax shares a cluster's probability among its tokens") {
  TinyGraph tiny = tiny_graph();
  const int64_t width = tiny.spec.width;
  for (const auto& [name, rows] : {std::pair{"tail.1", 5}, {"tail.2", 8}}) {
    tiny.weights.add(name, tests::random_tensor(name, {rows, width}));
    tiny.spec.nodes.push_back({name, "linear", {"rows"}, {}, {{"weight", {name, {}}}}, {}});
  }
  tiny.spec.nodes.push_back(
      {"softmax", "adaptive_softmax", {"head", "tail.1", "tail.2"}, {}, {}, {}});
  tiny.spec.outputs["logits"] = "softmax";
  Session session(std::make_shared<Graph>(tiny.spec, tiny.weights), {1, true});
  session.encode(std::vector<Sequence>{{random_ids(3)}});
  const auto trace = session.trace();
  const auto found = trace.at("softmax").row(1), head = trace.at("head").row(1),
             tail = trace.at("tail.2").row(1);
  REQUIRE(found.size() == 95 + 5 + 8);
  const auto log_sum = [](std::span<const float> x) {
    double sum = 0;
    for (const float value : x) sum += std::exp(static_cast<double>(value));
    return std::log(sum);
  };
  CHECK(log_sum(found) == doctest::Approx(0).epsilon(1e-5));
  CHECK(found[7] == doctest::Approx(head[7] - log_sum(head)).epsilon(1e-5));
  CHECK(found[95 + 5 + 2] ==
        doctest::Approx(head[96] - log_sum(head) + tail[2] - log_sum(tail)).epsilon(1e-5));
  tiny.spec.nodes.back().inputs = {"tail.1", "head", "head", "head", "head", "head"};
  CHECK_THROWS_WITH_AS(Graph(tiny.spec, tiny.weights),
                       "softmax: expected a head of more than 5 columns, found 5", Error);
}

TEST_CASE("an embedding of one cluster has rows of 0 for the ids of others") {
  TinyGraph tiny = tiny_graph({.layers = 0});
  NodeSpec& embedding = tiny.spec.nodes.front();
  embedding.attributes.set("first", int64_t{20});
  embedding.attributes.set("vocabulary", int64_t{120});
  const auto graph = std::make_shared<Graph>(tiny.spec, tiny.weights);
  CHECK(graph->vocabulary() == 120);
  Session session(graph, {1, true});
  session.encode(std::vector<Sequence>{{std::vector<int32_t>{19, 20, 116, 117}}});
  const ConstView rows = session.trace().at("embedding");
  const Tensor table = tiny.weights.f32("embedding.table");
  CHECK(std::ranges::count(rows.row(0), 0.0f) == 60);
  CHECK(std::ranges::equal(rows.row(1), table.view().row(0)));
  CHECK(std::ranges::equal(rows.row(2), table.view().row(96)));
  CHECK(std::ranges::count(rows.row(3), 0.0f) == 60);
  CHECK_THROWS_WITH_AS(session.encode(std::vector<Sequence>{{std::vector<int32_t>{120}}}),
                       "embedding: expected ids in [0, 120), found 120 in row 0", Error);
  embedding.attributes.set("vocabulary", int64_t{116});
  CHECK_THROWS_WITH_AS(Graph(tiny.spec, tiny.weights),
                       "embedding: expected a vocabulary of at least 117, found 116", Error);
}

TEST_CASE("attention may bound the values of its projections") {
  TinyGraph tiny = tiny_graph({.layers = 1});
  const auto hidden = [&] {
    Session session(std::make_shared<Graph>(tiny.spec, tiny.weights), {1, true});
    session.encode(std::vector<Sequence>{{random_ids(9)}});
    const ConstView rows = session.trace().at("layer.0.attention");
    return std::vector<float>(rows.data, rows.data + rows.count());
  };
  const auto plain = hidden();
  NodeSpec& node = *std::ranges::find(tiny.spec.nodes, "attention", &NodeSpec::kind);
  node.attributes.set("limit", 1e9);
  CHECK(apart(hidden(), plain) == 0);
  node.attributes.set("limit", 1e-9);  // values of nearly 0: the output's bias remains
  const auto bounded = hidden();
  const Tensor bias = tiny.weights.f32("layer.0.attention.output_bias");
  for (int64_t c = 0; c < bias.count(); ++c) {
    CHECK(bounded[static_cast<size_t>(c)] == doctest::Approx(bias.data()[c]).epsilon(1e-5));
  }
  node.attributes.set("limit", -1.0);
  CHECK_THROWS_AS(Graph(tiny.spec, tiny.weights), Error);
}

}  // namespace
}  // namespace locus
