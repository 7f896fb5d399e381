#include "engine/graph_spec.hpp"

#include <algorithm>

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

GraphSpec swap_encoding(GraphSpec spec, std::string_view encoding) {
  const auto chain = parse_encoding(encoding);
  // The old weights belong to the old scheme: what is learned starts from a seeded state.
  for (auto& [name, entry] : spec.encodings) entry = {.chain = chain, .weights = {}};
  return spec;
}

}  // namespace locus
