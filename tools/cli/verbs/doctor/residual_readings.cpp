// GPT-NeoX's `use_parallel_residual`: x + f(n2(x)) + a(n1(x)), or m + f(n2(m)) with m = x +
// a(n1(x)).
#include <algorithm>
#include <optional>

#include "tools/cli/verbs/doctor/readings.hpp"

namespace locus::cli {
namespace {

using NodeNames = std::vector<std::string>;

/// The nodes of one layer, by name.
struct ResidualLayer {
  std::string input, attention, norm, feed;  ///< `norm` is the feed-forward's
  std::string first, second;                 ///< sums
};

/// Looks for layers in the list of nodes.
class Layers {
 public:
  explicit Layers(const GraphSpec& spec) : spec_(spec) {}

  /// The layer of an attention in a form; none where it is of another.
  std::optional<ResidualLayer> serial(const NodeSpec& attention) const {
    ResidualLayer layer = start(attention);
    layer.first = sum_of(attention.name, layer.input);
    layer.norm = reader_of("norm", layer.first);
    layer.feed = reader_of("feed_forward", layer.norm);
    layer.second = sum_of(layer.feed, layer.first);
    return complete(layer);
  }
  std::optional<ResidualLayer> parallel(const NodeSpec& attention) const {
    ResidualLayer layer = start(attention);
    for (const NodeSpec& norm : spec_.nodes) {  // that reads the same rows as the attention's
      const bool other = norm.kind == "norm" && norm.name != attention.inputs.front();
      if (!other || norm.inputs != NodeNames{layer.input}) continue;
      layer.norm = norm.name;
      layer.feed = reader_of("feed_forward", norm.name);
    }
    layer.first = sum_of(layer.feed, attention.name);
    layer.second = sum_of(layer.first, layer.input);
    return complete(layer);
  }

 private:
  ResidualLayer start(const NodeSpec& attention) const {
    ResidualLayer layer;
    layer.attention = attention.name;
    for (const NodeSpec& node : spec_.nodes) {
      const bool before = attention.inputs == NodeNames{node.name} && node.kind == "norm";
      if (before) layer.input = node.inputs.front();
    }
    return layer;
  }
  static std::optional<ResidualLayer> complete(const ResidualLayer& layer) {
    for (const auto* name : {&layer.input, &layer.norm, &layer.feed, &layer.first, &layer.second}) {
      if (name->empty()) return std::nullopt;
    }
    return layer;
  }
  std::string reader_of(const std::string& kind, const std::string& input) const {
    for (const NodeSpec& node : spec_.nodes) {
      if (node.kind == kind && node.inputs == NodeNames{input}) return node.name;
    }
    return {};
  }
  std::string sum_of(const std::string& a, const std::string& b) const {
    for (const NodeSpec& node : spec_.nodes) {
      if (node.kind == "add" &&
          (node.inputs == NodeNames{a, b} || node.inputs == NodeNames{b, a})) {
        return node.name;
      }
    }
    return {};
  }

  const GraphSpec& spec_;
};

size_t place_of_node(const GraphSpec& spec, const std::string& name) {
  return static_cast<size_t>(std::ranges::find(spec.nodes, name, &NodeSpec::name) -
                             spec.nodes.begin());
}

/// Gives a node its inputs, and its place: after the last node that it needs.
void rewire(GraphSpec& spec, const std::string& name, const NodeNames& inputs) {
  const size_t from = place_of_node(spec, name);
  NodeSpec node = spec.nodes[from];
  node.inputs = inputs;
  spec.nodes.erase(spec.nodes.begin() + static_cast<std::ptrdiff_t>(from));
  size_t after = 0;
  for (const std::string& input : inputs) {
    after = std::max(after, place_of_node(spec, input) + 1);
  }
  spec.nodes.insert(spec.nodes.begin() + static_cast<std::ptrdiff_t>(after), std::move(node));
}

void make_parallel(GraphSpec& spec, const ResidualLayer& layer) {
  rewire(spec, layer.norm, {layer.input});
  rewire(spec, layer.feed, {layer.norm});
  rewire(spec, layer.first, {layer.feed, layer.attention});
  rewire(spec, layer.second, {layer.first, layer.input});
}

void make_serial(GraphSpec& spec, const ResidualLayer& layer) {
  rewire(spec, layer.first, {layer.attention, layer.input});
  rewire(spec, layer.norm, {layer.first});
  rewire(spec, layer.feed, {layer.norm});
  rewire(spec, layer.second, {layer.feed, layer.first});
}

using Find = std::optional<ResidualLayer> (Layers::*)(const NodeSpec& attention) const;

/// Rewires the layers of a decoder where all of them are of the form that `find` knows.
OtherReading residual_reading(const std::string& name, Find find,
                              void (*make)(GraphSpec&, const ResidualLayer&)) {
  return {name, [find, make](GraphSpec& spec) {
            if (spec.task != "causal-lm" || has_two_stacks(spec)) return;
            std::vector<ResidualLayer> layers;
            for (const NodeSpec& node : spec.nodes) {
              if (node.kind != "attention") continue;
              const auto layer = (Layers(spec).*find)(node);
              if (!layer) return;
              layers.push_back(*layer);
            }
            for (const ResidualLayer& layer : layers) make(spec, layer);
          }};
}

}  // namespace

OtherReadings residual_readings() {
  return {residual_reading("parallel residual", &Layers::serial, make_parallel),
          residual_reading("serial residual", &Layers::parallel, make_serial)};
}

}  // namespace locus::cli
