#include "engine/graph/encodings.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "engine/layers/attention/visibility.hpp"
#include "engine/layers/kinds.hpp"
#include "engine/new_tables.hpp"

namespace locus::graph {
namespace {

/// Weights of one link of a chain: stored ones by reference, others from a seeded initial state.
class LinkWeights : public SchemeWeights {
 public:
  LinkWeights(const std::string& owner, size_t link, const EncodingSpec& spec, WeightSource& source,
              NewTables& tables)
      : owner_(owner),
        prefix_(link == 0 ? "" : std::to_string(link) + "."),
        spec_(spec),
        source_(source),
        tables_(tables) {}

  bool contains(std::string_view name) const override { return spec_.weights.count(key(name)) > 0; }
  Shape shape(std::string_view name) const override {
    return source_.shape_of(spec_.weights.at(key(name)));
  }
  Tensor take(std::string_view name, Shape expected, Initial initial) override;

  std::set<std::string> read;  ///< keys of the stored weights that the scheme took
  std::vector<std::string> initialised;
  int64_t parameters = 0;

 private:
  std::string key(std::string_view name) const { return prefix_ + std::string(name); }

  const std::string& owner_;
  std::string prefix_;
  const EncodingSpec& spec_;
  WeightSource& source_;
  NewTables& tables_;
};

Tensor LinkWeights::take(std::string_view name, Shape expected, Initial initial) {
  const auto stored = spec_.weights.find(key(name));
  if (stored == spec_.weights.end()) {
    initialised.push_back(owner_ + "." + key(name));
    Tensor tensor = tables_.make(initialised.back(), expected, initial);
    parameters += tensor.count();
    return tensor;
  }
  Tensor tensor = source_.take(stored->second, expected);
  read.insert(stored->first);
  parameters += tensor.count();
  return tensor;
}

/// The attention node that tells an encoding's heads: the first that refers to it, or the first.
const NodeSpec& attention_of(const GraphSpec& spec, const std::string& encoding) {
  const NodeSpec* first = nullptr;
  for (const NodeSpec& node : spec.nodes) {
    if (!layers::kind_of(node).attends) continue;
    if (node.encoding == encoding) return node;
    if (!first) first = &node;
  }
  static const NodeSpec nobody;
  return first ? *first : nobody;
}

/// The width of a node's rows as its table or matrix makes it; 0 where its input's is kept.
int64_t own_width(const NodeSpec& node, const WeightSource& source) {
  for (const auto& [slot, axis] :
       {std::pair{"table", 1}, {"weight", 0}, {"output", 0}, {"down", 0}}) {
    const auto weight = node.weights.find(slot);
    if (weight == node.weights.end() || !source.contains(weight->second)) continue;
    const Shape shape = source.shape_of(weight->second);
    if (shape.size() == 2) return shape[axis];
  }
  return 0;
}

/// The width of what an encoding is added to, which may be narrower than the layers.
int64_t added_width(const GraphSpec& spec, const std::string& encoding,
                    const WeightSource& source) {
  const auto position = std::ranges::find_if(spec.nodes, [&](const NodeSpec& node) {
    const layers::NodeKind& kind = layers::kind_of(node);
    return kind.encodes && !kind.attends && node.encoding == encoding;
  });
  if (position == spec.nodes.end()) return spec.width;
  std::string input = position->inputs[0];
  for (auto node = position; node != spec.nodes.begin();) {
    --node;
    if (node->name != input) continue;
    const int64_t width = own_width(*node, source);
    if (width > 0) return width;
    if (node->inputs.empty()) break;
    input = node->inputs[0];
  }
  return spec.width;
}

SchemeContext context_of(const GraphSpec& spec, const std::string& name,
                         const GraphOptions& options, const WeightSource& source) {
  const NodeSpec& attention = attention_of(spec, name);
  const Attributes& attributes = attention.attributes;
  SchemeContext context;
  context.width = added_width(spec, name, source);
  context.heads = attributes.integer(attention.name, "heads", 1);
  context.head_size = attributes.integer(attention.name, "head_size", spec.width);
  context.causal = layers::visibility_of(attention)->causal();
  constexpr int64_t min_capacity = 512;
  const int64_t capacity = options.capacity > 0 ? options.capacity
                           : spec.context > 0   ? spec.context
                                                : min_capacity;
  context.capacity = std::min(capacity, IntegerRange::max_integer);
  context.seed = options.seed;
  context.precision = options.precision;
  return context;
}

/// A stored weight that no link takes is a misspelt name or another scheme's.
void check_all_read(const std::string& name, const EncodingSpec& encoding,
                    const std::set<std::string>& read) {
  for (const auto& [key, reference] : encoding.weights) {
    if (read.count(key) > 0) continue;
    const std::string scheme = encoding.chain.empty() ? "none" : to_string(encoding.chain);
    throw Error(name, "a weight that " + scheme + " reads", "'" + key + "'");
  }
}

std::shared_ptr<const PositionalEncoding> make_one(const std::string& name, const GraphSpec& spec,
                                                   WeightSource& source, NewTables& tables,
                                                   const GraphOptions& options, Encodings& made) {
  const EncodingSpec& encoding = spec.encodings.at(name);
  const SchemeContext context = context_of(spec, name, options, source);
  std::vector<std::shared_ptr<const PositionalEncoding>> links;
  std::set<std::string> read;
  for (size_t link = 0; link < encoding.chain.size(); ++link) {
    LinkWeights weights(name, link, encoding, source, tables);
    links.push_back(make_encoding(encoding.chain[link], weights, context, options.schemes));
    read.merge(weights.read);
    made.initialised.insert(made.initialised.end(), weights.initialised.begin(),
                            weights.initialised.end());
    made.parameters += weights.parameters;
  }
  check_all_read(name, encoding, read);
  if (links.empty()) return std::make_shared<PositionalEncoding>();
  if (links.size() == 1) return links[0];
  return chain_encodings(std::move(links));
}

}  // namespace

std::shared_ptr<const PositionalEncoding> Encodings::of(const NodeSpec& node) const {
  if (node.encoding.empty()) return std::make_shared<PositionalEncoding>();
  const auto found = by_name.find(node.encoding);
  if (found == by_name.end()) {
    throw Error(node.name, "an encoding of the graph's table", "'" + node.encoding + "'");
  }
  return found->second;
}

Encodings make_encodings(const GraphSpec& spec, WeightSource& source, const GraphOptions& options) {
  Encodings made;
  NewTables tables(options.seed, [&] { source.check(); });
  for (const auto& [name, encoding] : spec.encodings) {
    made.by_name[name] = make_one(name, spec, source, tables, options, made);
  }
  made.initialised_parameters = tables.values();
  return made;
}

}  // namespace locus::graph
