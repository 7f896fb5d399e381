// A drawing whose edges are labelled by somebody who knows more than the spec.

#pragma once

#include <map>
#include <string>

#include "engine/graph_spec.hpp"

namespace locus {

/// `labels` by node name stand at the edges that leave the node: `[T, 768]`.
std::string to_dot(const GraphSpec& spec, const std::map<std::string, std::string>& labels);

}  // namespace locus
