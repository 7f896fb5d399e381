// The table of node kinds.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/layers/layer.hpp"
#include "engine/layers/node_reader.hpp"

namespace locus {

/// What a node of a kind may say, and how its layer is made.
struct NodeKind {
  std::string_view name;
  size_t fewest_inputs;
  size_t most_inputs;
  std::vector<std::string_view> attributes;
  std::vector<std::string_view> weights;
  std::unique_ptr<Layer> (*make)(const NodeReader& reader);
};

/// The kind of a node. Throws Error that names the node: unknown kind, attribute or weight, or a
/// wrong number of inputs.
const NodeKind& check_kind(const NodeSpec& node);

}  // namespace locus
