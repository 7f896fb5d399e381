#include <doctest/doctest.h>

#include <cmath>

#include "engine/graph_spec.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

NodeSpec node(std::string name, std::string kind, std::vector<std::string> inputs,
              std::string encoding) {
  NodeSpec node;
  node.name = std::move(name);
  node.kind = std::move(kind);
  node.inputs = std::move(inputs);
  node.encoding = std::move(encoding);
  return node;
}

/// Two layers with an encoding each, and cross-attention without.
GraphSpec two_layers() {
  GraphSpec spec;
  spec.family = "t5";
  spec.task = "encoder";
  spec.width = 4;
  spec.nodes = {
      node("shared", "embedding", {"ids"}, ""), node("first", "attention", {"shared"}, "layer.0"),
      node("sum", "add", {"shared", "first"}, ""), node("second", "attention", {"sum"}, "layer.1"),
      node("cross", "attention", {"second", "first"}, "")};
  spec.encodings["layer.0"] = {parse_encoding("t5"), {{"table", {"first.bias", {}}}}};
  spec.encodings["layer.1"] = {parse_encoding("t5"), {{"table", {"second.bias", {}}}}};
  spec.outputs["last_hidden_state"] = "cross";
  return spec;
}

}  // namespace

TEST_CASE("a node is found by its name, and an unknown name is refused") {
  const TemporaryFolder folder;
  const auto spec = two_layers();
  CHECK(spec.node("second").inputs == std::vector<std::string>{"sum"});
  CHECK(folder.message([&] { spec.node("third"); }) == "t5: expected a node 'third', found none");
}

TEST_CASE("a swapped encoding takes every place but cross-attention's, and no old weights") {
  const auto spec = two_layers();
  const auto swapped = swap_encoding(spec, "rope:base=1000+learned");
  const EncodingSpec expected{parse_encoding("rope:base=1000+learned"), {}};
  CHECK(swapped.encodings ==
        std::map<std::string, EncodingSpec>{{"layer.0", expected}, {"layer.1", expected}});
  CHECK(swapped.nodes == spec.nodes);
  CHECK(swapped.node("cross").encoding.empty());
  CHECK_THROWS_WITH(swap_encoding(spec, "rope:bass=1000"), doctest::Contains("found 'bass'"));
}

TEST_CASE("a scheme that continues the graph's keeps its weights and what is not said anew") {
  auto spec = two_layers();
  spec.encodings["layer.0"] = {parse_encoding("t5+learned:offset=2"),
                               {{"table", {"first.bias", {}}}, {"1.table", {"rows", {}}}}};
  const auto swapped = swap_encoding(spec, "hierarchical:a=0.3+alibi");
  CHECK(
      swapped.encodings.at("layer.0") ==
      EncodingSpec{parse_encoding("hierarchical:offset=2,a=0.3+alibi"), {{"table", {"rows", {}}}}});
  CHECK(swapped.encodings.at("layer.1") ==
        EncodingSpec{parse_encoding("hierarchical:a=0.3+alibi"), {}});
  const auto again = swap_encoding(swapped, "t5+hierarchical");
  CHECK(
      again.encodings.at("layer.0") ==
      EncodingSpec{parse_encoding("t5+hierarchical:offset=2,a=0.3"), {{"1.table", {"rows", {}}}}});
  CHECK(swap_encoding(swapped, "learned").encodings.at("layer.0").weights.empty());
}

TEST_CASE("attention's scale is divided among the terms of the encoding that is swapped in") {
  auto spec = two_layers();
  for (NodeSpec& node : spec.nodes) node.attributes.set("head_size", int64_t{4});
  const auto scale = [](const GraphSpec& graph, const char* name) {
    return graph.node(name).attributes.number(name, "scale", 0.5);
  };
  const auto three = swap_encoding(spec, "disentangled");
  CHECK(scale(three, "first") == doctest::Approx(1 / std::sqrt(12.0)));
  CHECK(scale(three, "cross") == 0.5);
  CHECK(scale(swap_encoding(three, "disentangled:terms=c2p"), "first") ==
        doctest::Approx(1 / std::sqrt(8.0)));
  CHECK(scale(swap_encoding(three, "alibi"), "second") == doctest::Approx(0.5));
}

TEST_CASE("the drawing has every node, edge, encoding and output") {
  auto spec = two_layers();
  spec.nodes[1].attributes = {{"heads", int64_t{2}}, {"visibility", std::string("a \"b\"")}};
  CHECK(to_dot(spec, {{"shared", "[T, 4]"}}) == R"(digraph locus {
  label="t5 encoder, D = 4";
  node [fontname="sans-serif", style=filled, fillcolor=white];
  edge [fontname="sans-serif", fontsize=10];
  "ids" [shape=oval];
  "encoding layer.0" [label="layer.0\nt5", shape=note, fillcolor="#d7ecd9"];
  "encoding layer.1" [label="layer.1\nt5", shape=note, fillcolor="#d7ecd9"];
  "shared" [label="shared\nembedding", shape=cylinder, fillcolor="#fde0c5"];
  "ids" -> "shared";
  "first" [label="first\nattention\nheads 2\nvisibility a \"b\"", shape=box3d, fillcolor="#d6e4f5"];
  "shared" -> "first" [label="[T, 4]"];
  "encoding layer.0" -> "first" [style=dashed, arrowhead=none];
  "sum" [label="+", shape=circle, fillcolor="#ffffff"];
  "shared" -> "sum" [label="[T, 4]"];
  "first" -> "sum";
  "second" [label="second\nattention", shape=box3d, fillcolor="#d6e4f5"];
  "sum" -> "second";
  "encoding layer.1" -> "second" [style=dashed, arrowhead=none];
  "cross" [label="cross\nattention", shape=box3d, fillcolor="#d6e4f5"];
  "second" -> "cross";
  "first" -> "cross";
  "output last_hidden_state" [label="last_hidden_state", shape=oval];
  "cross" -> "output last_hidden_state";
}
)");
}
