// Schemes that a program adds.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "engine/session.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::own_scheme {
namespace {

/// s[h, i, j] += amount, of keys before the query.
class Step : public PositionalEncoding {
 public:
  explicit Step(double amount) : amount_(static_cast<float>(amount)) {}
  void score(View s, ConstView, ConstView, const Block& block) const override {
    for (int64_t h = 0; h < s.size(0); ++h) {
      for (int64_t i = 0; i < s.size(1); ++i) {
        for (int64_t j = 0; j < s.size(2); ++j) {
          if (block.keys.at(j) < block.queries.at(i)) s(h, i, j) += amount_;
        }
      }
    }
  }

 private:
  float amount_;
};

Scheme step() {
  Scheme row;
  row.name = "step";
  row.parameters = {{"amount", 1.0, "of keys before the query"}};
  row.traits.relative = true;
  row.make = [](const Attributes& parameters, SchemeWeights&, const SchemeContext&) {
    return std::make_shared<Step>(parameters.number("step", "amount"));
  };
  return row;
}

std::vector<float> last_row(const TinyGraph& tiny, const GraphOptions& options) {
  Session session(std::make_shared<const Graph>(tiny.spec, tiny.weights, options), {.threads = 1});
  const auto ids = random_ids(7);
  session.encode(std::vector<Sequence>{{ids}});
  const auto row = session.output("last_hidden_state").row(6);
  return {row.begin(), row.end()};
}

TEST_CASE("a program's own scheme is swapped in by name, alone and in a chain") {
  const std::vector<Scheme> own{step()};
  const TinyGraph plain = tiny_graph();
  const GraphOptions options{.schemes = own};
  TinyGraph same = plain, other = plain, chained = plain;
  same.spec = swap_encoding(plain.spec, "step:amount=0", own);
  other.spec = swap_encoding(plain.spec, "step:amount=3", own);
  chained.spec = swap_encoding(plain.spec, "step:amount=2+step+alibi", own);
  CHECK(last_row(same, options) == last_row(plain, {}));
  CHECK(last_row(other, options) != last_row(plain, {}));

  TinyGraph alibi = plain;
  alibi.spec = swap_encoding(plain.spec, "alibi+step:amount=3", own);
  const auto a = last_row(chained, options), b = last_row(alibi, options);
  for (size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-4));
}

TEST_CASE("a graph with a program's own scheme is written and read by who knows the scheme") {
  const std::vector<Scheme> own{step()};
  GraphSpec spec = swap_encoding(tiny_graph().spec, "step:amount=2.5+rope", own);
  CHECK(to_string(spec.encodings.at("position").chain) == "step:amount=2.5+rope");
  CHECK(parse_graph_spec("g", to_json(spec), own) == spec);
  CHECK_THROWS_WITH_AS(parse_graph_spec("g", to_json(spec)), doctest::Contains("found 'step'"),
                       Error);
}

TEST_CASE("a program's own schemes are checked before they are used") {
  const TinyGraph plain = tiny_graph();
  const auto refusal = [&](auto change) -> std::string {
    Scheme scheme = step();
    change(scheme);
    return failure_of([&] { Graph(plain.spec, plain.weights, {.schemes = {step(), scheme}}); });
  };
  CHECK(refusal([](Scheme& scheme) { scheme.name = "alibi"; }) ==
        "schemes: expected a name of its own, found 'alibi'");
  CHECK(refusal([](Scheme&) {}) == "schemes: expected a name of its own, found 'step'");
  CHECK(refusal([](Scheme& scheme) { scheme.name = "a+b"; }) ==
        "schemes: expected a name of letters, digits and _, found 'a+b'");
  CHECK(refusal([](Scheme& scheme) {
          scheme.name = "other";
          scheme.make = nullptr;
        }) == "other: expected a scheme with 'make', found none");
  CHECK_THROWS_WITH_AS(parse_encoding("step"), doctest::Contains("found 'step'"), Error);
}

TEST_CASE("a program's own scheme that makes nothing is an error") {
  Scheme empty = step();
  empty.make = [](const auto&, auto&, const auto&) { return nullptr; };
  const std::vector<Scheme> own{empty};
  TinyGraph graph = tiny_graph();
  graph.spec = swap_encoding(graph.spec, "step", own);
  CHECK(failure_of([&] { Graph(graph.spec, graph.weights, {.schemes = own}); }) ==
        "step: expected a scheme that makes an encoding, found none");
}

}  // namespace
}  // namespace locus::tests::own_scheme
