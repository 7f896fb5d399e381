#include "engine/graph_spec.hpp"

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"

namespace locus {

WeightStep reshape(std::vector<int64_t> sizes) {
  return {WeightStep::Kind::reshape, std::move(sizes), 0, {}};
}

WeightStep permute(std::vector<int64_t> axes) {
  return {WeightStep::Kind::permute, std::move(axes), 0, {}};
}

WeightStep slice(int64_t axis, int64_t begin, int64_t end) {
  return {WeightStep::Kind::slice, {axis, begin, end}, 0, {}};
}

const NodeSpec& GraphSpec::node(std::string_view name) const {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const auto& node) { return node.name == name; });
  if (found == nodes.end()) throw Error(family, "a node '" + std::string(name) + "'", "none");
  return *found;
}

namespace {

/// All terms of a score share attention's scale (He et al. 2021, DeBERTa, equation 4): the new ones
/// as the old ones did.
void share_scale(NodeSpec& node, int64_t old_terms, int64_t new_terms) {
  if (old_terms == new_terms) return;
  const auto size = static_cast<double>(node.attributes.integer(node.name, "head_size"));
  const double scale = node.attributes.number(node.name, "scale", 1 / std::sqrt(size));
  const double shares = static_cast<double>(1 + old_terms) / static_cast<double>(1 + new_terms);
  node.attributes.set("scale", scale * std::sqrt(shares));
}

}  // namespace

GraphSpec swap_encoding(GraphSpec spec, std::string_view encoding) {
  const auto chain = parse_encoding(encoding);
  for (NodeSpec& node : spec.nodes) {
    const auto old = spec.encodings.find(node.encoding);
    if (node.kind != "attention" || old == spec.encodings.end()) continue;
    share_scale(node, traits_of(old->second.chain).score_terms, traits_of(chain).score_terms);
  }
  // The old weights belong to the old scheme: what is learned starts from a seeded state.
  for (auto& [name, entry] : spec.encodings) entry = {.chain = chain, .weights = {}};
  return spec;
}

}  // namespace locus
