// Small graphs with seeded weights for tests of the engine.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "engine/graph.hpp"

namespace locus::tests {

/// A tensor of values from a normal distribution, seeded by its name.
inline Tensor random_tensor(const std::string& name, Shape shape, float deviation = 0.4f) {
  std::mt19937 generator(static_cast<unsigned>(std::hash<std::string>{}(name)));
  std::normal_distribution<float> normal(0, deviation);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.values()) value = normal(generator);
  return tensor;
}

struct TinyGraph {
  GraphSpec spec;
  Weights weights;
};

struct TinyOptions {
  std::string encoding = "none";
  bool causal = true;
  int64_t layers = 2;
  int64_t heads = 5;
  int64_t kv_heads = 5;
  int64_t head_size = 12;
  int64_t vocabulary = 97;
  int64_t context = 128;
};

/// Builds pre-norm layers: embedding, position, (norm, attention, add, norm, feed-forward, add)*,
/// norm, gather, head.
class TinyBuilder {
 public:
  explicit TinyBuilder(const TinyOptions& options) : options_(options) {}

  TinyGraph build() {
    const int64_t width = options_.heads * options_.head_size;
    GraphSpec& spec = graph_.spec;
    spec.family = "tiny";
    spec.task = options_.causal ? "causal-lm" : "masked-lm";
    spec.width = width;
    spec.context = options_.context;
    spec.encodings["position"] = {parse_encoding(options_.encoding), {}};
    add("embedding", "embedding", {"ids"}, {{"table", {options_.vocabulary, width}}});
    add("position", "position", {"embedding"}, {}).encoding = "position";
    std::string stream = "position";
    for (int64_t layer = 0; layer < options_.layers; ++layer) stream = add_layer(layer, stream);
    add_norm("last_norm", stream);
    add("rows", "gather", {"last_norm"}, {});
    add("head", "linear", {"rows"}, {{"weight", {options_.vocabulary, width}}});
    spec.outputs = {{"last_hidden_state", "last_norm"}, {"logits", "head"}};
    return std::move(graph_);
  }

 private:
  NodeSpec& add(const std::string& name, const std::string& kind, std::vector<std::string> inputs,
                const std::vector<std::pair<std::string, Shape>>& weights) {
    NodeSpec node{name, kind, std::move(inputs), {}, {}, {}};
    for (const auto& [weight, shape] : weights) {
      graph_.weights.add(name + "." + weight, random_tensor(name + "." + weight, shape));
      node.weights[weight] = {name + "." + weight, {}};
    }
    graph_.spec.nodes.push_back(std::move(node));
    return graph_.spec.nodes.back();
  }

  void add_norm(const std::string& name, const std::string& input) {
    const int64_t width = graph_.spec.width;
    add(name, "norm", {input}, {{"gain", {width}}, {"bias", {width}}})
        .attributes.set("epsilon", 1e-5);
  }

  std::string add_layer(int64_t index, const std::string& stream) {
    const std::string prefix = "layer." + std::to_string(index) + ".";
    const int64_t width = graph_.spec.width, keys = options_.kv_heads * options_.head_size;
    add_norm(prefix + "norm", stream);
    NodeSpec& attention = add(prefix + "attention", "attention", {prefix + "norm"},
                              {{"query", {width, width}},
                               {"key", {keys, width}},
                               {"value", {keys, width}},
                               {"output", {width, width}},
                               {"query_bias", {width}},
                               {"output_bias", {width}}});
    attention.attributes.set("heads", options_.heads);
    attention.attributes.set("kv_heads", options_.kv_heads);
    attention.attributes.set("head_size", options_.head_size);
    attention.attributes.set("visibility", options_.causal ? "causal" : "all");
    attention.encoding = "position";
    add(prefix + "sum", "add", {stream, prefix + "attention"}, {});
    add_norm(prefix + "second_norm", prefix + "sum");
    add(prefix + "feed_forward", "feed_forward", {prefix + "second_norm"},
        {{"up", {77, width}}, {"up_bias", {77}}, {"down", {width, 77}}, {"down_bias", {width}}})
        .attributes.set("activation", "gelu");
    add(prefix + "second_sum", "add", {prefix + "sum", prefix + "feed_forward"}, {});
    return prefix + "second_sum";
  }

  TinyOptions options_;
  TinyGraph graph_;
};

inline TinyGraph tiny_graph(const TinyOptions& options = {}) {
  return TinyBuilder(options).build();
}

/// Seeded ids below the vocabulary.
inline std::vector<int32_t> random_ids(int64_t count, int32_t vocabulary = 97, unsigned seed = 1) {
  std::mt19937 generator(seed);
  std::vector<int32_t> ids(count);
  for (int32_t& id : ids) id = static_cast<int32_t>(generator() % vocabulary);
  return ids;
}

}  // namespace locus::tests
