// The convolution along a sequence, against plain loops.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/session.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::convolution {

namespace {

constexpr int64_t convolved_width = 6, outputs = 9, groups = 3, taps = 5, vocabulary = 19;

NodeSpec convolution_node(const std::string& name, const std::string& kind,
                          std::vector<std::string> inputs,
                          std::map<std::string, WeightRef> weights) {
  return {name, kind, std::move(inputs), {}, std::move(weights), {}};
}

TinyGraph convolving() {
  TinyGraph graph;
  graph.spec.width = convolved_width;
  graph.spec.nodes = {
      convolution_node("embedding", "embedding", {"ids"}, {{"table", {"table", {}}}}),
      convolution_node("convolution", "convolution", {"embedding"},
                       {{"weight", {"weight", {}}}, {"bias", {"bias", {}}}})};
  graph.spec.nodes[1].attributes = {{"groups", groups}, {"activation", "tanh"}};
  graph.spec.outputs = {{"last_hidden_state", "convolution"}};
  graph.weights.add("table", random_tensor("table", {vocabulary, convolved_width}, 1));
  graph.weights.add("weight", random_tensor("weight", {outputs, convolved_width / groups, taps}));
  graph.weights.add("bias", random_tensor("bias", {outputs}));
  return graph;
}

// y[t, n] = tanh(b[n] + sum of w[n, k, tap] x[t + tap - 2, k of n's group])
double expected(std::span<const int32_t> ids, int64_t t, int64_t n) {
  const Tensor table = random_tensor("table", {vocabulary, convolved_width}, 1);
  const Tensor weight = random_tensor("weight", {outputs, convolved_width / groups, taps});
  double sum = random_tensor("bias", {outputs}).data()[n];
  for (int64_t tap = 0; tap < taps; ++tap) {
    const int64_t from = t + tap - taps / 2;
    if (from < 0 || from >= static_cast<int64_t>(ids.size())) continue;
    for (int64_t k = 0; k < convolved_width / groups; ++k) {
      const int64_t column = n / (outputs / groups) * (convolved_width / groups) + k;
      sum += static_cast<double>(weight.data()[(n * 2 + k) * taps + tap]) *
             table.view()(ids[from], column);
    }
  }
  return std::tanh(sum);
}

std::string convolution_message(const TinyGraph& graph) {
  return failure_of([&] { Graph(graph.spec, graph.weights); });
}

}  // namespace

TEST_CASE("a convolution sees its neighbours within a sequence, and zeros around it") {
  const TinyGraph tiny = convolving();
  const auto graph = std::make_shared<const Graph>(tiny.spec, tiny.weights);
  Session session(graph, {.threads = 2});
  const auto a = random_ids(1, vocabulary), b = random_ids(300, vocabulary, 2),
             c = random_ids(4, vocabulary, 3);
  const Sequence batch[] = {{a}, {b}, {c}};
  session.encode(batch);
  const ConstView found = session.output("last_hidden_state");
  int64_t row = 0;
  for (const auto& ids : {a, b, c}) {
    for (int64_t t = 0; t < static_cast<int64_t>(ids.size()); ++t, ++row) {
      for (int64_t n = 0; n < outputs; ++n) {
        CHECK(found(row, n) == doctest::Approx(expected(ids, t, n)).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("a convolution of an even number of taps, or of groups that do not fit, is refused") {
  TinyGraph graph = convolving();
  graph.spec.nodes[1].attributes.set("groups", int64_t{4});
  CHECK(convolution_message(graph) == "convolution: expected groups that divide 6, found 4");
  graph.spec.nodes[1].attributes.set("groups", int64_t{2});
  CHECK(convolution_message(graph) == "weight: expected [-1, 3, -1], found [9, 2, 5]");
  graph = convolving();
  graph.weights.add("even", random_tensor("weight", {outputs, convolved_width / groups, 4}));
  graph.spec.nodes[1].weights["weight"] = {"even", {}};
  CHECK(convolution_message(graph) == "convolution: expected an odd number of taps, found 4");
}

}  // namespace locus::tests::convolution
