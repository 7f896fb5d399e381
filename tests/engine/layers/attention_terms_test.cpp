// What attention may do to queries, keys and scores, and the nodes beside it: values by hand.
#include <doctest/doctest.h>

#include <algorithm>

#include "engine/session.hpp"
#include "tests/support/failure.hpp"

namespace locus::tests {
namespace {

using Values = std::vector<float>;

/// Attention over features, two wide, whose four products are the identity; nothing is scaled.
struct PlainNode {
  explicit PlainNode(Attributes own = {}, int64_t heads = 1) {
    spec.family = "plain";
    spec.width = 2;
    Attributes attributes{{"heads", heads}, {"head_size", 2 / heads}, {"scale", 1.0}};
    for (const auto& [name, value] : own.values()) attributes.set(name, value);
    spec.nodes = {{"rows", "features", {}, {{"width", int64_t{2}}}, {}, {}},
                  {"attention", "attention", {"rows"}, attributes, {}, {}}};
    for (const char* name : {"query", "key", "value", "output"}) give(name, {2, 2}, {1, 0, 0, 1});
    spec.outputs = {{"last_hidden_state", "attention"}};
  }

  PlainNode& give(const std::string& name, const Shape& shape, const Values& values) {
    weights.add(name, Tensor(shape, values));
    spec.nodes[1].weights[name] = {name, {}};
    return *this;
  }

  Values run(const Values& rows) const {
    Session session(std::make_shared<const Graph>(spec, weights), {.threads = 1});
    session.encode(std::vector<Sequence>{{.ids = {}, .features = rows}});
    const ConstView view = session.output("last_hidden_state");
    return {view.data, view.data + view.count()};
  }

  std::string failure() const {
    return failure_of([&] { Graph(spec, weights); });
  }

  GraphSpec spec;
  Weights weights;
};

void check(const Values& found, const Values& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(found[i] == doctest::Approx(expected[i]).epsilon(2e-6));
  }
}

const Values two{3, 4, 1, 2};

/// A table of ids 0 to 9 whose rows are (id + 1, 1), and one node after it.
Values after_embedding(NodeSpec node, const std::vector<int32_t>& ids, EncodingSpec encoding = {}) {
  GraphSpec spec;
  spec.family = "rows";
  spec.width = 2;
  node.inputs = {"words"};
  spec.encodings["position"] = std::move(encoding);
  spec.nodes = {{"words", "embedding", {"ids"}, {}, {{"table", {"table", {}}}}, {}}, node};
  spec.outputs = {{"last_hidden_state", node.name}};
  Weights weights;
  Tensor table({10, 2});
  for (int64_t id = 0; id < 10; ++id) {
    table.view()(id, 0) = static_cast<float>(id + 1);
    table.view()(id, 1) = 1;
  }
  weights.add("table", std::move(table));
  weights.add("positions",
              Tensor({6, 2}, Values{0, 0.1f, 0, 0.2f, 0, 0.3f, 0, 0.4f, 0, 0.5f, 0, 0.6f}));
  Session session(std::make_shared<const Graph>(spec, weights), {.threads = 1});
  session.encode(std::vector<Sequence>{{.ids = ids}});
  const ConstView view = session.output("last_hidden_state");
  return {view.data, view.data + view.count()};
}

Values one_column(const Values& rows, size_t column) {
  Values values;
  for (size_t i = column; i < rows.size(); i += 2) values.push_back(rows[i]);
  return values;
}

}  // namespace

TEST_CASE("a soft cap bends scores by cap tanh(score / cap) before the softmax") {
  PlainNode node({{"scale", 0.1}});
  check(node.run(two), {2.60436778f, 3.60436778f, 2.29131261f, 3.29131261f});
  node.spec.nodes[1].attributes.set("soft_cap", 1.0);
  check(node.run(two), {2.09278995f, 3.09278995f, 2.16759481f, 3.16759481f});
  node.spec.nodes[1].attributes.set("soft_cap", -1.0);
  CHECK(node.failure().find("expected a soft_cap of 0 or more") != std::string::npos);
}

TEST_CASE("a soft_cap node is cap tanh(x / cap)") {
  GraphSpec spec;
  spec.family = "capped";
  spec.width = 3;
  spec.nodes = {{"rows", "features", {}, {{"width", int64_t{3}}}, {}, {}},
                {"cap", "soft_cap", {"rows"}, {{"cap", 2.0}}, {}, {}}};
  spec.outputs = {{"last_hidden_state", "cap"}};
  Session session(std::make_shared<const Graph>(spec, Weights()), {.threads = 1});
  const Values rows{1, -4, 0.5f};
  session.encode(std::vector<Sequence>{{.ids = {}, .features = rows}});
  const ConstView view = session.output("last_hidden_state");
  check({view.data, view.data + 3}, {0.92423431f, -1.92805516f, 0.48983732f});
}

TEST_CASE("a scale node multiplies, and leaves what it reads as it is") {
  GraphSpec spec;
  spec.family = "scaled";
  spec.width = 3;
  spec.nodes = {{"rows", "features", {}, {{"width", int64_t{3}}}, {}, {}},
                {"half", "scale", {"rows"}, {{"factor", -0.5}}, {}, {}},
                {"sum", "add", {"half", "rows"}, {}, {}, {}}};
  spec.outputs = {{"last_hidden_state", "sum"}};
  Session session(std::make_shared<const Graph>(spec, Weights()), {.threads = 1});
  session.encode(std::vector<Sequence>{{.ids = {}, .features = Values{1, -4, 0.5f}}});
  const ConstView view = session.output("last_hidden_state");
  check({view.data, view.data + 3}, {0.5f, -2, 0.25f});
}

TEST_CASE("queries and keys are normed before their product, and the scale comes after") {
  PlainNode node({{"norm_epsilon", 0.0}});
  node.give("query_norm", {2}, {1, 2}).give("key_norm", {2}, {1, 1});
  check(node.run(two), {1.94065814f, 2.94065814f, 1.89974955f, 2.89974955f});
  node.spec.nodes[1].attributes.set("norm_gain_offset", 1.0);  // gains 2, 3 and 2, 2
  check(node.run(two), {1.91365242f, 2.91365242f, 1.77071292f, 2.77071292f});
  PlainNode scaled({{"norm_epsilon", 0.0}, {"scale", 0.5}});
  scaled.give("query_norm", {2}, {2, 4}).give("key_norm", {2}, {1, 1});
  check(scaled.run(two), {1.94065814f, 2.94065814f, 1.89974955f, 2.89974955f});
}

TEST_CASE("a gain of one head norms each alone, one of all heads all at once") {
  PlainNode each({{"norm_epsilon", 0.0}}, 2);
  each.give("query_norm", {1}, {1}).give("key_norm", {1}, {1});
  check(each.run(two), {2, 3, 2, 3});
  PlainNode whole({{"norm_epsilon", 0.0}}, 2);
  whole.give("query_norm", {2}, {1, 1}).give("key_norm", {2}, {1, 1});
  check(whole.run(two), {2.09141591f, 2.92460161f, 2.06822202f, 2.915742f});
}

TEST_CASE("a layer norm of heads takes the mean away and has a bias") {
  PlainNode node({{"norm_epsilon", 0.0}, {"norm_kind", "layer"}});
  node.give("query_norm", {2}, {1, 1}).give("query_norm_bias", {2}, {0.5f, 0});
  node.give("key_norm", {2}, {1, 1});
  check(node.run({3, 4, 2, 1}), {2.95257413f, 3.85772238f, 2.00669285f, 1.02007855f});
}

TEST_CASE("unit heads meet by their cosine, times the exponential of the head's logarithm") {
  PlainNode node({{"norm_kind", "unit"}});
  check(node.run(two), {2.00806487f, 3.00806487f, 1.99193513f, 2.99193513f});
  check(node.run({0, 0, 0, 0}), {0, 0, 0, 0});
  node.give("query_log_scale", {1}, {0.69314718f});
  check(node.run(two), {2.01612869f, 3.01612869f, 1.98387131f, 2.98387131f});
  PlainNode steep({{"norm_kind", "unit"}});
  steep.give("query_log_scale", {1}, {7});  // counts as the logarithm of 100
  check(steep.run(two), {2.66765745f, 3.66765745f, 1.33234255f, 2.33234255f});
  steep.spec.nodes[1].attributes.set("max_log_scale", 0.0);
  check(steep.run(two), {2.00806487f, 3.00806487f, 1.99193513f, 2.99193513f});
  steep.give("query_norm", {2}, {1, 1});
  CHECK(steep.failure() ==
        "attention: expected no 'query_norm' where heads have the length 1, found one");
}

TEST_CASE("unit heads are refused where norms have no meaning, of a scale of 1 too") {
  const Attributes unit{{"norm_kind", "unit"}};
  PlainNode after_memory(unit);
  after_memory.spec.nodes[1].attributes.set("memory_rows", int64_t{2});
  CHECK(after_memory.failure() ==
        "attention: expected no rows before a sequence where keys have a norm, found 2");
  PlainNode global(unit);
  global.spec.nodes[1].attributes.set("global", "first");
  for (const char* name : {"global_query", "global_key", "global_value"}) {
    global.give(name, {2, 2}, {1, 0, 0, 1});
  }
  CHECK(global.failure() ==
        "attention: expected global rows without a limit and norms of heads, found both");
  PlainNode across(unit);
  across.weights.add("table", Tensor({10, 2}));
  const auto words = [](const std::string& name, const std::string& ids) {
    return NodeSpec{name, "embedding", {ids}, {}, {{"table", {"table", {}}}}, {}};
  };
  NodeSpec attention = across.spec.nodes[1];
  attention.inputs = {"target", "source"};
  across.spec.nodes = {words("source", "ids"), words("target", "decoder_ids"), attention};
  CHECK(across.failure() ==
        "attention: expected norms of queries and keys in self-attention alone, found a memory");
}

TEST_CASE("token dropout hides a mask's rows and makes up for them by its share in training") {
  const NodeSpec node{"dropout", "token_dropout", {}, {{"id", int64_t{5}}, {"share", 0.12}}, {},
                      {}};
  // Two of four are hidden: (1 - 0.12) / (1 - 0.5) = 1.76.
  check(one_column(after_embedding(node, {5, 9, 5, 7}), 0), {0, 17.6f, 0, 14.08f});
  check(one_column(after_embedding(node, {9, 7}), 0), {8.8f, 7.04f});
  check(one_column(after_embedding(node, {5, 5}), 0), {0, 0});
}

TEST_CASE("rows of a padding id stand before the first position, or have none") {
  const EncodingSpec learned{{{"learned", {{"offset", int64_t{2}}}}},
                             {{"table", {"positions", {}}}}};
  NodeSpec node{"position", "position", {}, {{"padding", int64_t{1}}}, {}, "position"};
  const std::vector<int32_t> ids{4, 1, 6, 1};
  check(one_column(after_embedding(node, ids, learned), 1), {1.3f, 1.2f, 1.4f, 1.2f});
  node.attributes.set("padding_rows", "none");
  check(one_column(after_embedding(node, ids, learned), 1), {1.3f, 1, 1.4f, 1});
}

}  // namespace locus::tests
