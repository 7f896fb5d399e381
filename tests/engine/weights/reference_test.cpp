#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "engine/graph_spec.hpp"
#include "engine/weights.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/values.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

/// 0, 1, 2, ... in a shape.
Tensor counted(Shape shape) {
  Tensor tensor(std::move(shape));
  std::iota(tensor.values().begin(), tensor.values().end(), 0.0f);
  return tensor;
}

Weights one(Shape shape) {
  Weights weights;
  weights.add("w", counted(std::move(shape)));
  return weights;
}

WeightStep concatenate(int64_t axis, std::vector<WeightRef> others) {
  WeightStep step;
  step.kind = WeightStep::Kind::concatenate;
  step.axis = axis;
  step.others = std::move(others);
  return step;
}

}  // namespace

TEST_CASE("a reference without steps is the stored tensor") {
  const auto weights = one({2, 3});
  const auto tensor = resolve({"w", {}}, weights);
  CHECK(tensor.shape() == Shape{2, 3});
  CHECK(values_of(tensor) == std::vector<float>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a permutation turns GPT-2's Conv1D [K, N] into a linear layer's [N, K]") {
  const WeightRef ref{"w", {permute({1, 0})}};
  const auto weights = one({2, 3});
  CHECK(resolve(ref, weights).shape() == Shape{3, 2});
  CHECK(values_of(resolve(ref, weights)) == std::vector<float>{0, 3, 1, 4, 2, 5});
  const int64_t rows = 37, columns = 53;  // beyond a tile, and not a multiple of one
  const auto large = resolve(ref, one({rows, columns}));
  int wrong = 0;
  for (int64_t i = 0; i < columns; ++i) {
    for (int64_t j = 0; j < rows; ++j) {
      wrong += large.view()(i, j) != static_cast<float>(j * columns + i);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a slice takes one of [Q | K | V], along columns before a permutation or rows after") {
  const int64_t D = 2;
  const auto weights = one({D, 3 * D});  // Conv1D: [K, N]
  const WeightRef before{"w", {slice(1, D, 2 * D), permute({1, 0})}};
  const WeightRef after{"w", {permute({1, 0}), slice(0, D, 2 * D)}};
  CHECK(values_of(resolve(before, weights)) == std::vector<float>{2, 8, 3, 9});
  CHECK(resolve(before, weights).shape() == Shape{D, D});
  CHECK(values_of(resolve(after, weights)) == std::vector<float>{2, 8, 3, 9});
}

TEST_CASE("GPT-NeoX's rows [H, 3, d] come apart into queries, keys and values") {
  const int64_t H = 2, d = 2, D = 1;
  const auto weights = one({H * 3 * d, D});  // rows q0 q0 k0 k0 v0 v0 q1 q1 k1 k1 v1 v1
  const auto part = [&](int64_t which) {
    return values_of(resolve(
        {"w", {reshape({H, 3, d, D}), slice(1, which, which + 1), reshape({H * d, D})}}, weights));
  };
  CHECK(part(0) == std::vector<float>{0, 1, 6, 7});
  CHECK(part(1) == std::vector<float>{2, 3, 8, 9});
  CHECK(part(2) == std::vector<float>{4, 5, 10, 11});
}

TEST_CASE("rotary pairs go from neighbours to halves and back by reshape and permute") {
  const int64_t G = 2, d = 6, D = 1;
  const WeightRef halves{"w", {reshape({G, d / 2, 2, D}), permute({0, 2, 1, 3}), reshape({-1, D})}};
  const auto split = resolve(halves, one({G * d, D}));
  CHECK(values_of(split) == std::vector<float>{0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11});
  Weights weights;
  weights.add("w", split.clone());
  const WeightRef back{"w", {reshape({G, 2, d / 2, D}), permute({0, 2, 1, 3}), reshape({-1, D})}};
  CHECK(values_of(resolve(back, weights)) == values_of(counted({G * d, D})));
}

TEST_CASE("tensors are concatenated along any axis, each with its own steps") {
  Weights weights = one({2, 2});
  weights.add("v", counted({1, 2}));
  weights.add("t", counted({2, 1}));
  const auto rows =
      resolve({"w", {concatenate(0, {{"v", {}}, {"t", {permute({1, 0})}}})}}, weights);
  CHECK(rows.shape() == Shape{4, 2});
  CHECK(values_of(rows) == std::vector<float>{0, 1, 2, 3, 0, 1, 0, 1});
  const WeightRef transposed{"v", {permute({1, 0})}};
  const auto columns = resolve({"w", {permute({1, 0}), concatenate(1, {transposed})}}, weights);
  CHECK(columns.shape() == Shape{2, 3});
  CHECK(values_of(columns) == std::vector<float>{0, 2, 0, 1, 3, 1});
}

TEST_CASE("steps of any rank compose: a slice of a permutation of a slice") {
  const auto weights = one({2, 3, 4, 5});
  const WeightRef ref{"w", {slice(3, 1, 4), permute({2, 0, 3, 1}), slice(0, 1, 3), slice(3, 2, 3)}};
  const auto tensor = resolve(ref, weights);
  CHECK(tensor.shape() == Shape{2, 2, 3, 1});
  std::vector<float> expected;
  for (int c = 1; c < 3; ++c) {
    for (int a = 0; a < 2; ++a) {
      for (int e = 1; e < 4; ++e)
        expected.push_back(static_cast<float>(((a * 3 + 2) * 4 + c) * 5 + e));
    }
  }
  CHECK(values_of(tensor) == expected);
}

TEST_CASE("one size of a reshape may be left open, and empty tensors reshape") {
  CHECK(resolve({"w", {reshape({2, -1})}}, one({4, 3})).shape() == Shape{2, 6});
  CHECK(resolve({"w", {reshape({})}}, one({1, 1})).shape() == Shape{});
  CHECK(resolve({"w", {reshape({0, 7}), permute({1, 0})}}, one({0})).shape() == Shape{7, 0});
  CHECK(resolve({"w", {slice(0, 1, 1)}}, one({2, 2})).shape() == Shape{0, 2});
}

TEST_CASE("the shape is known without reading values") {
  const auto weights = one({4, 3});
  CHECK(resolved_shape({"w", {permute({1, 0}), reshape({-1}), slice(0, 2, 7)}}, weights) ==
        Shape{5});
}

TEST_CASE("a step that does not fit is refused with the weight, the wish and the shape") {
  const TemporaryFolder folder;
  Weights weights = one({4, 3});
  weights.add("v", counted({2, 2}));
  const std::vector<std::pair<WeightStep, std::string>> cases{
      {reshape({5, -1}), "w: expected a shape that reshapes to [5, -1], found [4, 3]"},
      {reshape({13}), "w: expected a shape that reshapes to [13], found [4, 3]"},
      {reshape({-1, -1}), "w: expected one size of -1 among positive ones, found [-1, -1]"},
      {reshape({0, -1}), "w: expected one size of -1 among positive ones, found [0, -1]"},
      {reshape({-2, -6}), "w: expected sizes of zero or more, or one of -1, found [-2, -6]"},
      {reshape({1, 1, 1, 1, 1, 1, 1, 1, 12}),
       "w: expected a rank of at most 8, found [1, 1, 1, 1, 1, 1, 1, 1, 12]"},
      {permute({0}), "w: expected a shape whose axes are [0] in some order, found [4, 3]"},
      {permute({0, 2}), "w: expected a shape whose axes are [0, 2] in some order, found [4, 3]"},
      {permute({1, 1}), "w: expected a shape whose axes are [1, 1] in some order, found [4, 3]"},
      {slice(0, 2, 5), "w: expected a shape that has [2, 5) on axis 0, found [4, 3]"},
      {slice(0, 3, 2), "w: expected a shape that has [3, 2) on axis 0, found [4, 3]"},
      {slice(0, -1, 2), "w: expected a shape that has [-1, 2) on axis 0, found [4, 3]"},
      {slice(2, 0, 1), "w: expected a shape that has [0, 1) on axis 2, found [4, 3]"},
      {slice(-1, 0, 1), "w: expected a shape that has [0, 1) on axis -1, found [4, 3]"},
      {concatenate(0, {{"v", {}}}), "v: expected [4, 3] but for axis 0, found [2, 2]"},
      {concatenate(2, {{"v", {}}}), "w: expected a shape with axis 2, found [4, 3]"},
      {concatenate(0, {{"u", {}}}), "u: expected a weight of this name, found none (close: v, w)"},
  };
  for (const auto& [step, message] : cases) {
    const auto& shown = message;
    CAPTURE(shown);
    CHECK(folder.message([&, &wanted = step] { resolve({"w", {wanted}}, weights); }) == message);
  }
}

TEST_CASE("a stranger's weight has a greatest number of steps, and of parts") {
  const auto message = [](const std::string& steps) {
    const std::string node = R"({"name": "n", "kind": "embedding", "inputs": ["ids"], "weights": )"
                             R"({"table": {"name": "w", "steps": )" +
                             steps + "}}}";
    const std::string graph = R"({"width": 1, "context": 1, "nodes": [)" + node + "]}";
    return failure_of([&] { parse_graph_spec("g", graph); });
  };
  const auto list = [](const std::string& each, int count) {
    std::string text = "[" + each;
    for (int i = 1; i < count; ++i) text += "," + each;
    return text + "]";
  };
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has(message(list(R"({"permute": [0]})", 65)), "steps: expected at most 64 steps"));
  CHECK(!has(message(list(R"({"permute": [0]})", 64)), "at most"));
  const auto joined = [&](int count) {
    return R"([{"concatenate": {"axis": 0, "others": )" + list("\"w\"", count) + "}}]";
  };
  CHECK(has(message(joined(1025)), "others: expected at most 1,024 weights"));
  CHECK(!has(message(joined(1024)), "at most"));
}
