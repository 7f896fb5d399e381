// RoFormerV2's layer, which is the plainest of all: no bias, no gain, no mean.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/session.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::roformer_v2 {
namespace {

constexpr int64_t width = 12, heads = 2, head_size = 6, hidden = 20, vocabulary = 17;
constexpr double epsilon = 1e-6;

using Matrix = std::vector<std::vector<double>>;

NodeSpec node(const std::string& name, const std::string& kind, std::vector<std::string> inputs,
              std::map<std::string, WeightRef> weights = {}) {
  return {name, kind, std::move(inputs), {}, std::move(weights), {}};
}

NodeSpec norm(const std::string& name, const std::string& input) {
  NodeSpec spec = node(name, "norm", {input});
  spec.attributes.set("kind", "rms");
  spec.attributes.set("epsilon", epsilon);
  return spec;
}

TinyGraph layer() {
  TinyGraph graph;
  GraphSpec& spec = graph.spec;
  spec.family = "roformer_v2";
  spec.task = "encoder";
  spec.width = width;
  spec.encodings["position"] = {parse_encoding("rope"), {}};
  spec.nodes.push_back(node("embedding", "embedding", {"ids"}, {{"table", {"table", {}}}}));
  NodeSpec attention = node("attention", "attention", {"embedding"});
  for (const char* name : {"query", "key", "value", "output"}) {
    attention.weights[name] = {name, {}};
    graph.weights.add(name, random_tensor(name, {width, width}));
  }
  attention.attributes.set("heads", heads);
  attention.attributes.set("head_size", head_size);
  attention.encoding = "position";
  spec.nodes.push_back(attention);
  spec.nodes.push_back(node("first_sum", "add", {"embedding", "attention"}));
  spec.nodes.push_back(norm("first_norm", "first_sum"));
  NodeSpec feed_forward = node("feed_forward", "feed_forward", {"first_norm"},
                               {{"up", {"up", {}}}, {"down", {"down", {}}}});
  feed_forward.attributes.set("activation", "relu");
  spec.nodes.push_back(feed_forward);
  spec.nodes.push_back(node("second_sum", "add", {"first_norm", "feed_forward"}));
  spec.nodes.push_back(norm("second_norm", "second_sum"));
  spec.outputs = {{"last_hidden_state", "second_norm"}};
  graph.weights.add("table", random_tensor("table", {vocabulary, width}, 1));
  graph.weights.add("up", random_tensor("up", {hidden, width}));
  graph.weights.add("down", random_tensor("down", {width, hidden}));
  return graph;
}

// x W^T
Matrix product(const Matrix& x, const std::string& weight, int64_t outputs) {
  const auto inputs = static_cast<int64_t>(x[0].size());
  const Tensor w = random_tensor(weight, {outputs, inputs});
  Matrix y(x.size(), std::vector<double>(outputs));
  for (size_t t = 0; t < x.size(); ++t) {
    for (int64_t n = 0; n < outputs; ++n) {
      for (int64_t k = 0; k < inputs; ++k) y[t][n] += x[t][k] * w.view()(n, k);
    }
  }
  return y;
}

// x + y over the root of its mean square, and nothing else.
Matrix sum_and_norm(Matrix x, const Matrix& y) {
  for (size_t t = 0; t < x.size(); ++t) {
    double squares = 0;
    for (size_t c = 0; c < x[t].size(); ++c) {
      x[t][c] += y[t][c];
      squares += x[t][c] * x[t][c];
    }
    for (double& value : x[t]) value /= std::sqrt(squares / width + epsilon);
  }
  return x;
}

// Interleaved pairs.
void rotate(Matrix& x) {
  for (size_t t = 0; t < x.size(); ++t) {
    for (int64_t c = 0; c < width; c += 2) {
      const double angle = static_cast<double>(t) * std::pow(1e4, -(c % head_size) / 6.0);
      const double even = x[t][c], odd = x[t][c + 1];
      x[t][c] = even * std::cos(angle) - odd * std::sin(angle);
      x[t][c + 1] = odd * std::cos(angle) + even * std::sin(angle);
    }
  }
}

Matrix attend(const Matrix& x) {
  Matrix q = product(x, "query", width), k = product(x, "key", width);
  const Matrix v = product(x, "value", width);
  rotate(q);
  rotate(k);
  Matrix y(x.size(), std::vector<double>(width));
  for (int64_t head = 0; head < width; head += head_size) {
    for (size_t i = 0; i < x.size(); ++i) {
      double total = 0;
      for (size_t j = 0; j < x.size(); ++j) {
        double score = 0;
        for (int64_t c = head; c < head + head_size; ++c) score += q[i][c] * k[j][c];
        const double p = std::exp(score / std::sqrt(double{head_size}));
        total += p;
        for (int64_t c = head; c < head + head_size; ++c) y[i][c] += p * v[j][c];
      }
      for (int64_t c = head; c < head + head_size; ++c) y[i][c] /= total;
    }
  }
  return product(y, "output", width);
}

Matrix fed_forward(const Matrix& x) {
  Matrix y = product(x, "up", hidden);
  for (auto& row : y) {
    for (double& value : row) value = std::max(0.0, value);
  }
  return product(y, "down", width);
}

}  // namespace

TEST_CASE("RoFormerV2's layer has no bias, no gain and no mean, and norms after the sum") {
  const TinyGraph graph = layer();
  const std::vector<int32_t> ids = random_ids(9, vocabulary);
  const Tensor table = random_tensor("table", {vocabulary, width}, 1);
  Matrix x;
  for (const int32_t id : ids)
    x.emplace_back(table.view().row(id).begin(), table.view().row(id).end());
  const Matrix middle = sum_and_norm(x, attend(x));
  const Matrix expected = sum_and_norm(middle, fed_forward(middle));

  Session session(std::make_shared<const Graph>(graph.spec, graph.weights), {.threads = 1});
  const Sequence sequence{ids, {}, {}};
  session.encode({&sequence, 1});
  const ConstView y = session.output("last_hidden_state");
  for (int64_t t = 0; t < 9; ++t) {
    for (int64_t c = 0; c < width; ++c)
      CHECK(y(t, c) == doctest::Approx(expected[t][c]).epsilon(1e-4));
  }
}

}  // namespace locus::tests::roformer_v2
