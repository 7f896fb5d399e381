#include <doctest/doctest.h>

#include <vector>

#include "base/error.hpp"
#include "engine/locus_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/values.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

/// An embedding of two tokens with a learned encoding, and a weight that nothing refers to.
LocusFile tiny() {
  LocusFile file;
  file.graph.family = "tiny";
  file.graph.width = 2;
  NodeSpec embedding;
  embedding.name = "embed";
  embedding.kind = "embedding";
  embedding.inputs = {"ids"};
  embedding.weights["table"] = {"wte", {permute({1, 0})}};
  NodeSpec position;
  position.name = "place";
  position.kind = "position";
  position.inputs = {"embed"};
  position.encoding = "position";
  file.graph.nodes = {embedding, position};
  file.graph.encodings["position"] = {parse_encoding("learned"), {{"table", {"wpe", {}}}}};
  file.weights.add("wte", Tensor({2, 2}, std::vector<float>{0.1f, 1, 2, 3}));
  file.weights.add("wpe", Tensor({1, 2}, std::vector<float>{5, -6}));
  file.weights.add("unused", Tensor(Shape{3}));
  return file;
}

std::string file_with(const std::string& members) {
  return R"({"locus": 1, "graph": {"width": 2, "nodes": []})" + members + "}";
}

}  // namespace

TEST_CASE("a locus.json that holds everything survives the round trip") {
  const TemporaryFolder folder;
  auto file = tiny();
  file.tokenizer = "tokenizer.model";
  save_locus_inline(folder / "locus.json", file);
  const auto again = open_locus(folder / "locus.json");
  CHECK(again.graph == file.graph);
  CHECK(again.tokenizer == "tokenizer.model");
  CHECK(again.weights_file.empty());
  CHECK(again.weights.names() == std::vector<std::string>{"wpe", "wte"});
  CHECK(values_of(again.weights.f32("wte")) == std::vector<float>{0.1f, 1, 2, 3});
}

TEST_CASE("the writing of a locus.json may be given up, and nothing is left of it") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(save_locus_inline(folder / "l", tiny(), [] { throw Error::cancellation(); }),
                  Error);
  CHECK(std::filesystem::is_empty(folder / ""));
}

TEST_CASE("a locus.json beside its safetensors file survives the round trip") {
  const TemporaryFolder folder;
  const auto file = tiny();
  save_locus(folder / "locus.json", file, {.type = DataType::f16, .metadata = {}});
  const auto again = open_locus(folder / "locus.json");
  CHECK(again.graph == file.graph);
  CHECK(again.tokenizer.empty());
  CHECK(again.weights_file == "model.safetensors");
  CHECK(again.weights.names() == std::vector<std::string>{"wpe", "wte"});
  CHECK(again.weights.at("wte").type == DataType::f16);
  CHECK(values_of(again.weights.f32("wpe")) == std::vector<float>{5, -6});
}

TEST_CASE("a locus.json is refused with the file and the place") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"",
       "l: expected JSON, found parse error at line 1, column 1: syntax error while parsing value "
       "- "
       "unexpected end of input; expected '[', '{', or a literal"},
      {R"({"graph": {}})", "l: expected a key 'locus', found none"},
      {R"({"locus": 2, "shape": 3})",
       "l: expected no keys but locus, tokenizer, graph, weights, found 'shape'"},
      {R"({"locus": 2})", "l.locus: expected version 1 of the format, found 2"},
      {R"({"locus": 1})", "l: expected a key 'graph', found none"},
      {file_with(""), "l: expected a key 'weights', found none"},
      {file_with(R"(, "weights": 3)"),
       "l.weights: expected weights, or the name of a safetensors file, found 3"},
      {file_with(R"(, "weights": "../x.safetensors")"),
       "l.weights: expected a file name without a folder, found '../x.safetensors'"},
      {file_with(R"(, "weights": "x.safetensors")"),
       "x.safetensors: expected a readable file, found No such file or directory"},
      {file_with(R"(, "weights": {"a": [1, "2"]})"),
       "l.weights.a: expected numbers, found [1,\"2\"]"},
      {file_with(R"(, "weights": {}, "tokenizer": "/t")"),
       "l.tokenizer: expected a file name without a folder, found '/t'"},
      {R"({"locus": 1, "graph": {"width": 2, "nodes": [3]}, "weights": {}})",
       "l.graph.nodes[0]: expected an object, found 3"},
  };
  for (const auto& [json, message] : cases) {
    const auto& shown = json;
    CAPTURE(shown);
    const auto path = folder.write("l", json);
    CHECK(folder.message([&] { open_locus(path); }) == message);
  }
  CHECK(folder.message([&] { open_locus(folder / "none"); }) ==
        "none: expected a readable file, found No such file or directory");
}

TEST_CASE("a graph that refers to an absent weight is not saved") {
  const TemporaryFolder folder;
  auto file = tiny();
  file.graph.nodes[0].weights["table"].name = "wtf";
  const std::string message = "wtf: expected a weight of this name, found none (close: wte, wpe)";
  CHECK(folder.message([&] { save_locus(folder / "l", file); }) == message);
  CHECK(folder.message([&] { save_locus_inline(folder / "l", file); }) == message);
  CHECK(std::filesystem::is_empty(folder / ""));
}
