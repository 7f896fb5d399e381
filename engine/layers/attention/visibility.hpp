// Which keys an attention node's queries see, from its attributes.
#pragma once

#include <memory>

#include "engine/graph_spec.hpp"
#include "engine/position.hpp"

namespace locus::layers {

/// The visibility of an attention node: the one place that reads the attribute. Throws Error that
/// names the node.
std::shared_ptr<const Visibility> visibility_of(const NodeSpec& node);

}  // namespace locus::layers
