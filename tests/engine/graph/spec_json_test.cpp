#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "engine/graph_spec.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

/// A graph that uses everything a spec can say.
GraphSpec rich() {
  GraphSpec spec;
  spec.family = "gpt2";
  spec.task = "causal-lm";
  spec.width = 8;
  spec.context = 16;
  spec.trained_context = 12;
  spec.nodes.push_back({.name = "wte",
                        .kind = "embedding",
                        .inputs = {"ids"},
                        .attributes = {{"scale", 2.0}},
                        .weights = {{"table", {"wte.weight", {}}}},
                        .encoding = ""});
  spec.nodes.push_back({.name = "drop",
                        .kind = "position",
                        .inputs = {"wte"},
                        .attributes = {},
                        .weights = {},
                        .encoding = "position"});
  WeightStep joined;
  joined.kind = WeightStep::Kind::concatenate;
  joined.axis = 1;
  joined.others = {{"k", {permute({1, 0})}}, {"v", {}}};
  spec.nodes.push_back({.name = "h.0.attn",
                        .kind = "attention",
                        .inputs = {"drop"},
                        .attributes = {{"heads", int64_t{2}},
                                       {"visibility", "causal"},
                                       {"scale", 0.1},
                                       {"numbers", std::vector<double>{1, 2.5}},
                                       {"flag", true}},
                        .weights = {{"query", {"h.0.c", {slice(1, 0, 8), permute({1, 0})}}},
                                    {"key", {"q", {reshape({-1, 8}), joined}}}},
                        .encoding = "position"});
  spec.encodings["position"] = {parse_encoding("learned+alibi"), {{"table", {"wpe.weight", {}}}}};
  spec.encodings["plain"] = {parse_encoding("rope:base=1000"), {}};
  spec.encodings["empty"] = {};
  spec.outputs["logits"] = "h.0.attn";
  return spec;
}

std::string graph_with(const std::string& member) {
  return R"({"width": 8, "nodes": [], )" + member + "}";
}

}  // namespace

TEST_CASE("a graph survives the round trip through JSON") {
  const auto spec = rich();
  CHECK(parse_graph_spec("g", to_json(spec)) == spec);
  CHECK(parse_graph_spec("g", to_json(GraphSpec{})) == GraphSpec{});
}

TEST_CASE("every registered scheme survives, with its defaults left out or written out") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    GraphSpec spec;
    SchemeChoice written{scheme.name, {}};
    for (const auto& parameter : scheme.parameters)
      written.parameters.set(parameter.name, parameter.value);
    spec.encodings["short"].chain = {{scheme.name, {}}};
    spec.encodings["long"].chain = {written};
    spec.encodings["both"] = {{written, {scheme.name, {}}}, {{"1.table", {"w", {}}}}};
    CHECK(parse_graph_spec("g", to_json(spec)) == spec);
  }
}

TEST_CASE("the JSON form is what a person would write") {
  CHECK(to_json(rich()) == R"({
  "family": "gpt2",
  "task": "causal-lm",
  "width": 8,
  "context": 16,
  "trained_context": 12,
  "encodings": {
    "empty": "",
    "plain": "rope:base=1000",
    "position": {"scheme": "learned+alibi", "weights": {"table": "wpe.weight"}}
  },
  "nodes": [
    {
      "name": "wte",
      "kind": "embedding",
      "inputs": ["ids"],
      "attributes": {"scale": 2.0},
      "weights": {"table": "wte.weight"}
    },
    {"name": "drop", "kind": "position", "inputs": ["wte"], "encoding": "position"},
    {
      "name": "h.0.attn",
      "kind": "attention",
      "inputs": ["drop"],
      "attributes": {
        "flag": true,
        "heads": 2,
        "numbers": [1.0, 2.5],
        "scale": 0.1,
        "visibility": "causal"
      },
      "weights": {
        "key": {
          "name": "q",
          "steps": [
            {"reshape": [-1, 8]},
            {
              "concatenate": {
                "axis": 1,
                "others": [{"name": "k", "steps": [{"permute": [1, 0]}]}, "v"]
              }
            }
          ]
        },
        "query": {"name": "h.0.c", "steps": [{"slice": [1, 0, 8]}, {"permute": [1, 0]}]}
      },
      "encoding": "position"
    }
  ],
  "outputs": {"logits": "h.0.attn"}
}
)");
}

TEST_CASE("integers stay integers and numbers stay numbers") {
  const auto spec =
      parse_graph_spec("g", R"({"width": 8, "nodes": [{"name": "a", "kind": "b", "attributes":
              {"i": 2, "n": 2.0, "e": 2e3, "l": [1, 2], "t": "2", "b": false}}]})");
  const auto& values = spec.node("a").attributes.values();
  CHECK(values.at("i") == Attribute(int64_t{2}));
  CHECK(values.at("n") == Attribute(2.0));
  CHECK(values.at("e") == Attribute(2000.0));
  CHECK(values.at("l") == Attribute(std::vector<double>{1, 2}));
  CHECK(values.at("t") == Attribute(std::string("2")));
  CHECK(values.at("b") == Attribute(false));
}

TEST_CASE("a graph that is not understood is refused with the place") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{}", "g: expected a key 'width', found none"},
      {R"({"width": 8})", "g: expected a key 'nodes', found none"},
      {R"({"width": -8, "nodes": []})", "g.width: expected zero or more, found -8"},
      {R"({"width": 8.0, "nodes": []})", "g.width: expected an integer, found 8.0"},
      {R"({"width": 8, "nodes": {}})", "g.nodes: expected a list, found an object"},
      {graph_with(R"("head": {})"),
       "g: expected no keys but family, task, width, context, trained_context, encodings, nodes, "
       "outputs, found 'head'"},
      {graph_with(R"("width": 8)"), "g: expected every key once, found 'width' twice"},
      {graph_with(R"("outputs": {"logits": 3})"), "g.outputs.logits: expected a text, found 3"},
      {graph_with(R"("encodings": {"p": "rotary"})"), "g.encodings.p: "},
      {graph_with(R"("encodings": {"p": 3})"), "g.encodings.p: expected a list, found 3"},
      {graph_with(R"("encodings": {"p": {"weights": {}}})"),
       "g.encodings.p: expected a key 'scheme', found none"},
      {graph_with(R"("encodings": {"p": {"scheme": [{"name": "rope", "base": 1}]}})"),
       "g.encodings.p.scheme[0]: expected no keys but name, parameters, found 'base'"},
      {R"({"width": 8, "nodes": [{"kind": "add"}]})",
       "g.nodes[0]: expected a key 'name', found none"},
      {R"({"width": 8, "nodes": [{"name": "a"}]})",
       "g.nodes[0]: expected a key 'kind', found none"},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add"}, {"name": "a", "kind": "add"}]})",
       "g.nodes[1].name: expected a name of its own, found \"a\""},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "input": "b"}]})",
       "g.nodes[0]: expected no keys but name, kind, inputs, attributes, weights, encoding, found "
       "'input'"},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "inputs": "b"}]})",
       "g.nodes[0].inputs: expected a list, found \"b\""},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "attributes": {"x": null}}]})",
       "g.nodes[0].attributes.x: expected true, false, a number, a text or a list of numbers, "
       "found null"},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "weights": {"w": 1}}]})",
       "g.nodes[0].weights.w: expected a name, or an object with name and steps, found 1"},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "weights":
          {"w": {"name": "x", "steps": [{"transpose": [1, 0]}]}}}]})",
       "g.nodes[0].weights.w.steps[0]: expected no keys but reshape, permute, slice, concatenate, "
       "found 'transpose'"},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "weights":
          {"w": {"name": "x", "steps": [{"reshape": [1], "slice": [0, 0, 1]}]}}}]})",
       "g.nodes[0].weights.w.steps[0]: expected one step, found an object"},
      {R"({"width": 8, "nodes": [{"name": "a", "kind": "add", "weights":
          {"w": {"name": "x", "steps": [{"reshape": [1.5]}]}}}]})",
       "g.nodes[0].weights.w.steps[0].reshape[0]: expected an integer, found 1.5"},
  };
  for (const auto& [json, message] : cases) {
    const auto& shown = json;
    CAPTURE(shown);
    const auto found = folder.message([&, &text = json] { parse_graph_spec("g", text); });
    // What an unknown scheme is told depends on the registry.
    if (message.ends_with(": ")) {
      CHECK(found.starts_with(message + "encoding: expected one of none"));
      CHECK(found.ends_with("found 'rotary'"));
    } else {
      CHECK(found == message);
    }
  }
}

TEST_CASE("mutated graphs either parse or throw Error") {
  const std::string original = to_json(rich());
  const std::string letters = "0123456789-[]{},:\"eE.abFU \\\n";
  std::mt19937 random(20240301);
  int parsed = 0, refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = original;
    for (uint32_t change = random() % 3 + 1; change > 0; --change) {
      const size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, random() % 8);
      } else {
        text[at] = letters[random() % letters.size()];
      }
    }
    try {
      const auto spec = parse_graph_spec("g", text);
      CHECK(parse_graph_spec("g", to_json(spec)) == spec);
      ++parsed;
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(parsed > 100);
  CHECK(refused > 1000);
}

TEST_CASE("an attribute that JSON cannot hold is refused") {
  const TemporaryFolder folder;
  GraphSpec spec;
  spec.nodes.push_back({.name = "a",
                        .kind = "norm",
                        .inputs = {},
                        .attributes = {{"epsilon", std::numeric_limits<double>::infinity()}},
                        .weights = {},
                        .encoding = ""});
  CHECK(folder.message([&] { to_json(spec); }) == "epsilon: expected a finite number, found inf");
}
