// What a node says against the table of kinds.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/layers/kinds.hpp"

namespace locus::layers {
namespace {

std::string joined(const auto& names) {
  std::string text;
  for (std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text.empty() ? "none" : text;
}

// Layers compute with floats: there a larger number is infinite, and a smaller one nothing.
bool fits_float(double value) {
  const auto single = static_cast<float>(value);
  return std::isfinite(single) && (single != 0 || value == 0);
}

void check_attribute(const NodeSpec& node, const NodeAttribute& attribute) {
  const std::string& who = node.name;
  switch (attribute.type) {
    case NodeAttribute::Type::integer:
      attribute.range.check(who, "'" + std::string(attribute.name) + "'",
                            node.attributes.integer(who, attribute.name));
      return;
    case NodeAttribute::Type::number:
      if (const double value = node.attributes.number(who, attribute.name); !fits_float(value)) {
        throw Error(who, "'" + std::string(attribute.name) + "' within the range of F32",
                    to_string(Attribute(value)));
      }
      return;
    case NodeAttribute::Type::text:
      node.attributes.text(who, attribute.name);
  }
}

void check_attributes(const NodeSpec& node, const NodeKind& kind) {
  for (const auto& [name, value] : node.attributes.values()) {
    const auto known = std::ranges::find(kind.attributes, name, &NodeAttribute::name);
    if (known == kind.attributes.end()) {
      std::vector<std::string_view> names;
      for (const NodeAttribute& attribute : kind.attributes) names.push_back(attribute.name);
      throw Error(node.name, "an attribute of " + joined(names), "'" + name + "'");
    }
    check_attribute(node, *known);
  }
}

void check_weights(const NodeSpec& node, const NodeKind& kind) {
  for (const auto& [name, reference] : node.weights) {
    if (std::ranges::find(kind.weights, name) != kind.weights.end()) continue;
    throw Error(node.name, "a weight of " + joined(kind.weights), "'" + name + "'");
  }
}

}  // namespace

const NodeKind& kind_of(const NodeSpec& node) {
  const auto kind = std::ranges::find(node_kinds(), node.kind, &NodeKind::name);
  if (kind != node_kinds().end()) return *kind;
  std::vector<std::string_view> names;
  for (const NodeKind& known : node_kinds()) names.push_back(known.name);
  throw Error(node.name, "a kind of " + joined(names), "'" + node.kind + "'");
}

void check_node(const NodeSpec& node) {
  const NodeKind& kind = kind_of(node);
  check_attributes(node, kind);
  check_weights(node, kind);
  if (node.inputs.size() < kind.min_inputs || node.inputs.size() > kind.max_inputs) {
    throw Error(
        node.name,
        std::to_string(kind.min_inputs) + " to " + std::to_string(kind.max_inputs) + " inputs",
        std::to_string(node.inputs.size()));
  }
  if (!node.encoding.empty() && !kind.encodes) {
    throw Error(node.name, "an encoding on position and attention nodes alone",
                "'" + node.encoding + "'");
  }
}

}  // namespace locus::layers
