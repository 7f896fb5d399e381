// What must hold for every scheme through the engine's own layers, tiles, caches and batches.
#include <doctest/doctest.h>

#include <numeric>

#include "engine/session.hpp"
#include "tests/support/all_encodings.hpp"
#include "tests/support/plain_attention.hpp"
#include "tests/support/tiny_graph.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

constexpr int64_t text_length = 70;  // more than one block of queries
constexpr double tolerance = 2e-4;

// Notes what weights a scheme takes, and gives them.
class NotedWeights : public GivenWeights {
 public:
  Tensor take(std::string_view name, Shape expected, Initial initial) override {
    shapes[std::string(name)] = expected;
    return GivenWeights::take(name, expected, initial);
  }
  std::map<std::string, Shape> shapes;
};

// Stores weights for an encoding of the graph, large enough that every term matters.
void store_weights(TinyGraph& graph, const SchemeContext& context) {
  EncodingSpec& encoding = graph.spec.encodings.at("position");
  for (size_t link = 0; link < encoding.chain.size(); ++link) {
    NotedWeights noted;
    make_encoding(encoding.chain[link], noted, context);
    for (const auto& [name, shape] : noted.shapes) {
      const std::string key = (link == 0 ? "" : std::to_string(link) + ".") + name;
      graph.weights.add("encoding." + key, random_tensor(shape, 31 + link, 0.7f));
      encoding.weights[key] = {"encoding." + key, {}};
    }
  }
}

std::shared_ptr<const Graph> graph_of(const std::string& text, bool causal) {
  TinyOptions options;
  options.encoding = text;
  options.causal = causal;
  options.kv_heads = 1;
  TinyGraph tiny = tiny_graph(options);
  store_weights(tiny, {.width = options.heads * options.head_size,
                       .heads = options.heads,
                       .head_size = options.head_size,
                       .causal = causal,
                       .capacity = options.context});
  return std::make_shared<const Graph>(tiny.spec, tiny.weights);
}

Tensor copied(ConstView rows) {
  Tensor tensor({rows.size(0), rows.size(1)});
  for (int64_t row = 0; row < rows.size(0); ++row) {
    std::ranges::copy(rows.row(row), tensor.view().row(row).begin());
  }
  return tensor;
}

Tensor encoded(const std::shared_ptr<const Graph>& graph, std::span<const Sequence> batch) {
  Session session(graph, {.threads = 1});
  session.encode(batch);
  return copied(session.output("last_hidden_state"));
}
Tensor encoded(const std::shared_ptr<const Graph>& graph, const Sequence& sequence) {
  return encoded(graph, std::span(&sequence, 1));
}

// One attention layer of the engine with the weights and sizes of `PlainAttention`. [T, H d]
Tensor engine_attention(const std::string& text, const PlainSettings& sizes, const Tensor& tokens) {
  const int64_t width = sizes.width, d = sizes.head_size;
  TinyGraph graph;
  graph.spec.width = width;
  graph.spec.context = 128;
  graph.spec.encodings["position"] = {parse_encoding(text), {}};
  const auto give = [&](const std::string& name, const Tensor& tensor, const Shape& shape) {
    graph.weights.add(name, Tensor(shape, tensor.values()));
    return WeightRef{name, {}};
  };
  Tensor identity({sizes.heads * d, sizes.heads * d});
  for (int64_t i = 0; i < sizes.heads * d; ++i) identity.view()(i, i) = 1;
  const auto heads = [&](const char* name, int64_t count, uint64_t seed) {
    return give(name, random_tensor({count, d, width}, seed, 0.4f), {count * d, width});
  };
  NodeSpec attention{"attention", "attention", {"position"}, {}, {}, "position"};
  attention.weights = {{"query", heads("query", sizes.heads, 101)},
                       {"key", heads("key", sizes.kv_heads, 102)},
                       {"value", heads("value", sizes.kv_heads, 103)},
                       {"output", give("output", identity, identity.shape())}};
  attention.attributes = {{"heads", sizes.heads},
                          {"kv_heads", sizes.kv_heads},
                          {"head_size", d},
                          {"visibility", "causal"}};
  NodeSpec embedding{"embedding", "embedding", {"ids"}, {}, {}, {}};
  embedding.weights = {{"table", give("tokens", tokens, tokens.shape())}};
  graph.spec.nodes = {
      embedding, {"position", "position", {"embedding"}, {}, {}, "position"}, attention};
  graph.spec.outputs = {{"last_hidden_state", "attention"}};
  SchemeContext context{width, sizes.heads, d, true, 128, 0};
  store_weights(graph, context);
  std::vector<int32_t> ids(tokens.shape()[0]);
  std::iota(ids.begin(), ids.end(), 0);
  return encoded(std::make_shared<const Graph>(graph.spec, graph.weights), Sequence{ids});
}

// The same weights for the plain loops, link by link.
EncodingPointer plain_encoding(const std::string& text, const SchemeContext& context) {
  std::vector<EncodingPointer> links;
  const auto chain = parse_encoding(text);
  for (size_t link = 0; link < chain.size(); ++link) {
    NotedWeights noted;
    make_encoding(chain[link], noted, context);
    GivenWeights weights;
    for (const auto& [name, shape] : noted.shapes) {
      const Tensor values = random_tensor(shape, 31 + link, 0.7f);
      weights.set(name, shape, {values.values().begin(), values.values().end()});
    }
    links.push_back(make_encoding(chain[link], weights, context));
  }
  return chain_encodings(std::move(links));
}

}  // namespace

TEST_CASE("the engine's attention equals plain loops that call the same hooks, for every scheme") {
  PlainSettings sizes;
  sizes.kv_heads = 1;
  sizes.visibility = visible_causal();
  const Tensor tokens = random_tensor({text_length, sizes.width}, 9);
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const SchemeContext context{sizes.width, sizes.heads, sizes.head_size, true, 128, 0};
    const Tensor expected = PlainAttention(plain_encoding(text, context), sizes).run(tokens);
    CHECK(largest_difference(engine_attention(text, sizes, tokens), expected) < tolerance);
  }
}

TEST_CASE("decoding with a cache equals one pass for every stepwise scheme") {
  const auto ids = random_ids(text_length);
  for (const std::string& text : encodings_where([](auto traits) { return traits.stepwise; })) {
    CAPTURE(text);
    const auto graph = graph_of(text, true);
    const Tensor expected = encoded(graph, Sequence{ids});
    Session session(graph, {.threads = 1});
    int64_t begin = 0;
    for (const int64_t count : {66, 1, 1, 2}) {  // the prompt crosses a block of queries
      const Sequence part{std::span(ids).subspan(begin, count)};
      session.decode({&part, 1});
      const Tensor rows = copied(session.output("last_hidden_state"));
      const Tensor same = copied(expected.view().slice(0, begin, begin + count));
      CHECK(largest_difference(rows, same) < tolerance);
      begin += count;
    }
  }
}

TEST_CASE("a ragged batch equals its sequences alone, bit for bit, for every scheme") {
  const auto a = random_ids(7), b = random_ids(1), c = random_ids(text_length);
  const Sequence batch[] = {{a}, {b}, {c}};
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const auto graph = graph_of(text, false);
    const Tensor together = encoded(graph, batch);
    int64_t row = 0;
    for (const Sequence& sequence : batch) {
      const auto rows = static_cast<int64_t>(sequence.ids.size());
      const Tensor part = copied(together.view().slice(0, row, row + rows));
      CHECK(largest_difference(part, encoded(graph, sequence)) == 0);
      row += rows;
    }
  }
}

TEST_CASE("shifted positions change nothing for relative schemes alone, through all layers") {
  const auto ids = random_ids(text_length);
  std::vector<float> shifted(text_length);
  std::iota(shifted.begin(), shifted.end(), 21.0f);
  for (const std::string& text : all_encodings()) {
    CAPTURE(text);
    const auto graph = graph_of(text, false);
    const double change = largest_difference(encoded(graph, Sequence{ids}),
                                             encoded(graph, Sequence{ids, {}, shifted}));
    const bool relative = traits_of(parse_encoding(text)).relative;
    CHECK((relative ? change < tolerance : change > 1e-2));
  }
}

TEST_CASE("more tokens than a limited scheme has positions are refused, for every such scheme") {
  for (const std::string& text : encodings_where([](auto traits) { return traits.limited; })) {
    CAPTURE(text);
    const auto graph = graph_of(text, true);
    const bool hierarchical = text.starts_with("hierarchical");
    CHECK(graph->max_length() == (hierarchical ? 128 * 128 : 128));
    CHECK_THROWS_AS(encoded(graph, Sequence{random_ids(graph->max_length() + 1)}), Error);
  }
}
