// Rows that see all and are seen by all, and scores by types, against plain loops.
#include <doctest/doctest.h>

#include <cmath>
#include <optional>

#include "engine/session.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests {
namespace {

constexpr int64_t wide = 6, half = 3, all_ids = 40, marker = 7;  // two heads

NodeSpec attention_node(const Attributes& own) {
  NodeSpec node{"attention", "attention", {"words"}, own, {}, {}};
  node.attributes.set("heads", int64_t{2});
  node.attributes.set("head_size", half);
  return node;
}

struct Given {
  explicit Given(const Attributes& own, std::initializer_list<const char*> slots) {
    spec.family = "global";
    spec.width = wide;
    spec.nodes = {{"words", "embedding", {"ids"}, {}, {{"table", {"table", {}}}}, {}},
                  attention_node(own)};
    spec.outputs = {{"last_hidden_state", "attention"}};
    weights.add("table", random_tensor("table", {all_ids, wide}, 1));
    for (const char* slot : {"query", "key", "value", "output"}) give(slot, {wide, wide});
    for (const char* slot : slots) give(slot, {wide, wide});
  }
  void give(const std::string& slot, const Shape& shape) {
    weights.add(slot, random_tensor(slot, shape, 0.8f));
    spec.nodes[1].weights[slot] = {slot, {}};
  }
  std::string failure() const {
    return failure_of([&] { Graph(spec, weights); });
  }
  GraphSpec spec;
  Weights weights;
};

const auto own_projections = {"global_query", "global_key", "global_value"};

Attributes windowed(int64_t left, int64_t right, const std::string& global) {
  Attributes own{{"visibility", "sliding"}, {"left", left}, {"right", right}, {"global", global}};
  if (global != "first") own.set("global_id", marker);
  return own;
}

Tensor product(const Tensor& x, const std::string& weight) {
  const Tensor w = random_tensor(weight, {wide, wide}, 0.8f);
  Tensor y({x.shape()[0], wide});
  for (int64_t i = 0; i < y.shape()[0]; ++i) {
    for (int64_t n = 0; n < wide; ++n) {
      double sum = 0;
      for (int64_t c = 0; c < wide; ++c) sum += double{x.view()(i, c)} * w.view()(n, c);
      y.view()(i, n) = static_cast<float>(sum);
    }
  }
  return y;
}

Tensor rows_of(const std::vector<int32_t>& ids) {
  const Tensor table = random_tensor("table", {all_ids, wide}, 1);
  Tensor x({static_cast<int64_t>(ids.size()), wide});
  for (size_t i = 0; i < ids.size(); ++i) {
    std::ranges::copy(table.view().row(ids[i]), x.view().row(static_cast<int64_t>(i)).begin());
  }
  return x;
}

/// The row `i` of attention that sees the keys for which `sees` holds.
void attend(const Tensor (&qkv)[3], int64_t i, const auto& sees, Tensor& y) {
  const auto& [q, k, v] = qkv;
  for (int64_t head = 0; head < 2; ++head) {
    std::vector<double> p;
    double sum = 0;
    for (int64_t j = 0; j < k.shape()[0]; ++j) {
      double score = 0;
      for (int64_t c = head * half; c < (head + 1) * half; ++c) {
        score += double{q.view()(i, c)} * k.view()(j, c);
      }
      p.push_back(sees(j) ? std::exp(score / std::sqrt(3.0)) : 0);
      sum += p.back();
    }
    for (int64_t c = head * half; c < (head + 1) * half; ++c) {
      double mean = 0;
      for (size_t j = 0; j < p.size(); ++j)
        mean += p[j] / sum * v.view()(static_cast<int64_t>(j), c);
      y.view()(i, c) = static_cast<float>(mean);
    }
  }
}

Tensor expected(const std::vector<int32_t>& ids, int64_t left, int64_t right, Range global) {
  const Tensor x = rows_of(ids);
  const Tensor projections[]{product(x, "query"), product(x, "key"), product(x, "value")};
  const Tensor own[]{product(x, "global_query"), product(x, "global_key"),
                     product(x, "global_value")};
  Tensor y({x.shape()[0], wide});
  const auto is_global = [&](int64_t row) { return row >= global.begin && row < global.end; };
  for (int64_t i = 0; i < x.shape()[0]; ++i) {
    if (is_global(i)) {
      attend(
          own, i, [](int64_t) { return true; }, y);
    } else {
      attend(
          projections, i,
          [&](int64_t j) { return is_global(j) || (j >= i - left && j <= i + right); }, y);
    }
  }
  return product(y, "output");
}

std::vector<int32_t> marked(int64_t count, std::initializer_list<int64_t> places) {
  std::vector<int32_t> ids = random_ids(count, all_ids, static_cast<unsigned>(count));
  for (int32_t& id : ids) id = id == marker ? marker + 1 : id;
  for (const int64_t place : places) ids[static_cast<size_t>(place)] = marker;
  return ids;
}

double distance(ConstView found, const Tensor& expected) {
  double largest = 0;
  for (int64_t i = 0; i < expected.count(); ++i) {
    largest = std::max(largest, std::abs(double{found.data[i]} - expected.data()[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("the first row sees all and is seen by all, the others a window") {
  const Given given(windowed(3, 2, "first"), own_projections);
  Session session(std::make_shared<const Graph>(given.spec, given.weights), {.threads = 2});
  const auto a = marked(1, {}), b = marked(200, {}), c = marked(5, {});
  session.encode(std::vector<Sequence>{{a}, {b}, {c}});
  const ConstView found = session.output("last_hidden_state");
  CHECK(distance(found.slice(0, 0, 1), expected(a, 3, 2, {0, 1})) < 1e-5);
  CHECK(distance(found.slice(0, 1, 201), expected(b, 3, 2, {0, 1})) < 1e-5);
  CHECK(distance(found.slice(0, 201, 206), expected(c, 3, 2, {0, 1})) < 1e-5);
}

TEST_CASE("rows before an id are global, or those from the second row after it") {
  const auto a = marked(150, {70, 71, 149}), b = marked(4, {0, 1, 3}), c = marked(2, {1});
  for (const bool before : {true, false}) {
    CAPTURE(before);
    const Given given(windowed(5, 5, before ? "before" : "after"), own_projections);
    Session session(std::make_shared<const Graph>(given.spec, given.weights), {.threads = 1});
    session.encode(std::vector<Sequence>{{a}, {b}, {c}});
    const ConstView found = session.output("last_hidden_state");
    const auto range = [&](Range first, Range last) { return before ? first : last; };
    CHECK(distance(found.slice(0, 0, 150), expected(a, 5, 5, range({0, 70}, {72, 150}))) < 1e-5);
    CHECK(distance(found.slice(0, 150, 154), expected(b, 5, 5, range({0, 0}, {2, 4}))) < 1e-5);
    CHECK(distance(found.slice(0, 154, 156), expected(c, 5, 5, range({0, 1}, {2, 2}))) < 1e-5);
    CHECK_THROWS_WITH(session.encode(std::vector<Sequence>{{marked(9, {})}}),
                      "attention: expected the id 7 in every text, found none");
  }
}

TEST_CASE("global rows are refused where they have no meaning") {
  const auto failure = [](Attributes own, std::initializer_list<const char*> slots) {
    return Given(own, slots).failure();
  };
  CHECK(failure(windowed(3, 0, "first"), own_projections) ==
        "attention: expected global rows and types where queries see both sides, found a causal "
        "visibility");
  CHECK(failure(windowed(3, 3, "some"), own_projections) ==
        "attention: expected global rows none, first, before or after, found 'some'");
  Attributes numbered = windowed(3, 3, "first");
  numbered.set("global_id", int64_t{3});
  CHECK(
      failure(numbered, own_projections) ==
      "attention: expected a global_id where global is before or after, and there alone, found 3");
  Attributes limited = windowed(3, 3, "first");
  limited.set("limit", 2.0);
  CHECK(failure(limited, own_projections) ==
        "attention: expected global rows without a limit and norms of heads, found both");
  CHECK(failure(windowed(3, 3, "first"), {}).find("global_query") != std::string::npos);
}

TEST_CASE("an observer sees the probabilities of global rows as those of keys apart") {
  const Given given(windowed(1, 1, "first"), own_projections);
  Session session(std::make_shared<const Graph>(given.spec, given.weights), {.threads = 1});
  double sum = 0;
  session.observe([&](const AttentionTile& tile) {
    for (int64_t row = 0; row < tile.probabilities.size(0); ++row) {
      for (const float p : tile.probabilities.row(row)) sum += p;
    }
  });
  session.encode(std::vector<Sequence>{{marked(100, {})}});
  CHECK(sum == doctest::Approx(2 * 100));  // of heads and queries
}

TEST_CASE("a score has a term for tokens of one type and another for tokens of two") {
  GraphSpec spec;
  spec.family = "types";
  spec.width = 2;
  NodeSpec node{"attention", "attention", {"words"}, {}, {}, {}};
  Weights weights;
  const auto give = [&](const std::string& name, const Shape& shape, std::vector<float> values) {
    weights.add(name, Tensor(shape, values));
    node.weights[name] = {name, {}};
  };
  give("query", {2, 2}, {1, 0, 0, 1});
  give("key", {2, 2}, {0, 0, 0, 0});  // so that types alone count
  give("value", {2, 2}, {1, 0, 0, 1});
  give("output", {2, 2}, {1, 0, 0, 1});
  give("type_keys", {2, 2}, {1, 0, 0, 1});
  give("type_bias", {2}, {0.5f, -0.25f});
  node.attributes = {{"heads", int64_t{1}}, {"head_size", int64_t{2}}, {"scale", 0.5}};
  weights.add("table", Tensor({3, 2}, std::vector<float>{1, 2, 0, 1, 2, 0}));
  spec.nodes = {{"words", "embedding", {"ids"}, {}, {{"table", {"table", {}}}}, {}}, node};
  spec.outputs = {{"last_hidden_state", "attention"}};
  Session session(std::make_shared<const Graph>(spec, weights), {.threads = 1});
  const std::vector<int32_t> ids{0, 1, 2}, types{0, 0, 1};
  session.encode(std::vector<Sequence>{{.ids = ids, .type_ids = types}});
  const ConstView found = session.output("last_hidden_state");
  const float expected[]{1.04249669f, 0.95750331f, 1.04249669f,
                         0.95750331f, 1.49622815f, 0.50377185f};
  for (int i = 0; i < 6; ++i) CHECK(found.data[i] == doctest::Approx(expected[i]).epsilon(2e-6));
  spec.nodes[1].attributes.set("visibility", "causal");
  CHECK_THROWS_WITH((Graph(spec, weights)),
                    "attention: expected global rows and types where queries see both sides, found "
                    "a causal visibility");
}

}  // namespace locus::tests
