#include "engine/graph_spec.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

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

/// A link's weights by their scheme-local names.
std::map<std::string, WeightRef> weights_of(const EncodingSpec& encoding, size_t link) {
  const std::string prefix = std::to_string(link) + ".";
  std::map<std::string, WeightRef> weights;
  for (const auto& [name, reference] : encoding.weights) {
    const bool numbered = name.find('.') != std::string::npos;
    if (link == 0 && !numbered) weights[name] = reference;
    if (link > 0 && name.starts_with(prefix)) weights[name.substr(prefix.size())] = reference;
  }
  return weights;
}

/// A scheme that continues one of the old chain keeps that one's weights, and the parameters that
/// are not given anew. The weights of any other belong to the old scheme alone.
void take_over(const EncodingSpec& old, size_t link, std::span<const Scheme> own,
               EncodingSpec& fresh) {
  SchemeChoice& choice = fresh.chain[link];
  const std::string& continued = find_scheme(choice.name, own).continues;
  const auto from = std::ranges::find_if(old.chain, [&](const SchemeChoice& each) {
    return !continued.empty() && (each.name == continued || each.name == choice.name);
  });
  if (from == old.chain.end()) return;
  for (const auto& [name, value] : from->parameters.values()) {
    if (!choice.parameters.contains(name)) choice.parameters.set(name, value);
  }
  const std::string prefix = link == 0 ? "" : std::to_string(link) + ".";
  const auto position = static_cast<size_t>(from - old.chain.begin());
  for (const auto& [name, reference] : weights_of(old, position)) {
    fresh.weights[prefix + name] = reference;
  }
}

/// A formula keeps the weights of the old chain that it names, of the first link that has them.
void take_named(const EncodingSpec& old, size_t link, std::span<const Scheme> own,
                EncodingSpec& fresh) {
  const std::string prefix = link == 0 ? "" : std::to_string(link) + ".";
  for (const std::string& name : weight_names_of(fresh.chain[link], own)) {
    for (size_t from = 0; from < old.chain.size(); ++from) {
      const auto weights = weights_of(old, from);
      const auto found = weights.find(name);
      if (found != weights.end()) fresh.weights.try_emplace(prefix + name, found->second);
    }
  }
}

EncodingSpec exchanged(const EncodingSpec& old, const std::vector<SchemeChoice>& chain,
                       std::span<const Scheme> own) {
  EncodingSpec fresh{chain, {}};
  for (size_t link = 0; link < chain.size(); ++link) {
    take_over(old, link, own, fresh);
    take_named(old, link, own, fresh);
  }
  return fresh;
}

}  // namespace

GraphSpec swap_encoding(GraphSpec spec, std::string_view encoding, std::span<const Scheme> own) {
  const auto chain = parse_encoding(encoding, own);
  for (NodeSpec& node : spec.nodes) {
    const auto old = spec.encodings.find(node.encoding);
    if (node.kind != "attention" || old == spec.encodings.end()) continue;
    share_scale(node, traits_of(old->second.chain, own).score_terms,
                traits_of(chain, own).score_terms);
  }
  for (auto& [name, entry] : spec.encodings) entry = exchanged(entry, chain, own);
  return spec;
}

}  // namespace locus
