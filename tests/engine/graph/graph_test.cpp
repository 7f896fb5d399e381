#include <doctest/doctest.h>

#include <functional>

#include "base/error.hpp"
#include "engine/session.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus {
namespace {

using tests::tiny_graph;

NodeSpec& node_of(GraphSpec& spec, const std::string& name) {
  for (NodeSpec& node : spec.nodes) {
    if (node.name == name) return node;
  }
  throw Error("test", "a node", name);
}

TEST_CASE("a graph that does not fit its weights is refused with a line that names the node") {
  struct Case {
    const char* message;
    std::function<void(GraphSpec&)> change;
  };
  const Case cases[] = {
      {"layer.0.feed_forward.up: expected [60, 60], found [77, 60]",
       [](GraphSpec& spec) {
         node_of(spec, "layer.0.attention").weights["query"].name = "layer.0.feed_forward.up";
       }},
      {"layer.0.sum: expected an earlier node as input, found 'nobody'",
       [](GraphSpec& spec) { node_of(spec, "layer.0.sum").inputs[1] = "nobody"; }},
      {"layer.1.norm: expected an attribute of kind, epsilon, gain_offset, found 'eps'",
       [](GraphSpec& spec) { node_of(spec, "layer.1.norm").attributes.set("eps", 1e-3); }},
      {"layer.1.norm: expected a norm of kind layer or rms, found 'batch'",
       [](GraphSpec& spec) { node_of(spec, "layer.1.norm").attributes.set("kind", "batch"); }},
      {"layer.0.attention: expected key heads that divide 5 heads, found 2",
       [](GraphSpec& spec) {
         node_of(spec, "layer.0.attention").attributes.set("kv_heads", int64_t{2});
       }},
      {"layer.0.attention: expected 'heads' of at least 1, found 0",
       [](GraphSpec& spec) {
         node_of(spec, "layer.0.attention").attributes.set("heads", int64_t{0});
       }},
      {"layer.0.attention: expected a visibility of all, causal, sliding or segment, found 'some'",
       [](GraphSpec& spec) {
         node_of(spec, "layer.0.attention").attributes.set("visibility", "some");
       }},
      {"position: expected an encoding of the graph's table, found 'other'",
       [](GraphSpec& spec) { node_of(spec, "position").encoding = "other"; }},
      {"position: expected a weight that none reads, found 'tabel'",
       [](GraphSpec& spec) {
         spec.encodings["position"].weights["tabel"] = {"head", {}};
       }},
      {"graph: expected nodes of different names, found 'head' twice",
       [](GraphSpec& spec) { spec.nodes.push_back(spec.nodes.back()); }},
      {"graph: expected a node for the output 'logits', found 'nobody'",
       [](GraphSpec& spec) { spec.outputs["logits"] = "nobody"; }},
      {"graph: expected at least one node, found none",
       [](GraphSpec& spec) { spec.nodes.clear(); }},
      {"graph: expected the width of an attention node, such as 60 of 'layer.0.attention', found 7",
       [](GraphSpec& spec) { spec.width = 7; }},
      {"graph: expected the width of an attention node, such as 60 of 'layer.0.attention', found "
       "97",
       [](GraphSpec& spec) { spec.width = 97; }},  // that of the head
      {"graph: expected a trained_context of at most the context, 128, found 129",
       [](GraphSpec& spec) { spec.trained_context = 129; }},
      {"graph: expected nodes that read decoder_ids for the task 'sequence-to-sequence', found "
       "none",
       [](GraphSpec& spec) { spec.task = "sequence-to-sequence"; }},
      {"embedding: expected an input of ids, type_ids or decoder_ids, found 'words'",
       [](GraphSpec& spec) { node_of(spec, "embedding").inputs[0] = "words"; }},
  };
  for (const Case& one : cases) {
    CAPTURE(one.message);
    tests::TinyGraph tiny = tiny_graph();
    one.change(tiny.spec);
    CHECK_THROWS_WITH(Graph(tiny.spec, tiny.weights), one.message);
  }
}

TEST_CASE("a width that is not said, and a training beyond no limit, contradict nothing") {
  tests::TinyGraph tiny = tiny_graph();
  tiny.spec.width = 0;
  tiny.spec.context = 0;
  tiny.spec.trained_context = 1 << 20;
  CHECK_NOTHROW(Graph(tiny.spec, tiny.weights));
}

TEST_CASE(
    "a swapped-in learned encoding is said to be untrained and is the same for the same seed") {
  const tests::TinyGraph tiny = tiny_graph({.encoding = "learned"});
  const auto first = std::make_shared<Graph>(tiny.spec, tiny.weights, GraphOptions{.seed = 3});
  const auto again = std::make_shared<Graph>(tiny.spec, tiny.weights, GraphOptions{.seed = 3});
  const auto other = std::make_shared<Graph>(tiny.spec, tiny.weights, GraphOptions{.seed = 4});
  CHECK(first->untrained());
  CHECK(first->weights_initialised().size() == 1);
  const auto hidden = [](const std::shared_ptr<const Graph>& graph) {
    Session session(graph, {.threads = 1});
    session.encode(std::vector<Sequence>{{tests::random_ids(9)}});
    const ConstView view = session.output("last_hidden_state");
    return std::vector<float>(view.data, view.data + view.count());
  };
  CHECK(hidden(first) == hidden(again));
  CHECK(hidden(first) != hidden(other));
}

TEST_CASE("a graph counts each stored weight once") {
  const tests::TinyGraph tiny = tiny_graph();
  int64_t expected = 0;
  for (const std::string& name : tiny.weights.names()) {
    expected += element_count(tiny.weights.at(name).shape);
  }
  const Graph graph(tiny.spec, tiny.weights);
  CHECK(graph.parameters() == expected);
  CHECK(graph.encoding_parameters() == 0);
  CHECK(graph.vocabulary() == 97);
  CHECK(graph.weights_used() == tiny.weights.names());
}

}  // namespace
}  // namespace locus
