// What is asked of nodes before they are made.
#pragma once

#include "engine/graph_spec.hpp"

namespace locus::graph {

/// Throws Error for more nodes or encodings than a graph may have: what is done for each of them
/// must not take minutes.
void check_counts(const GraphSpec& spec);

/// Throws Error unless the node reads one of the graph's own inputs.
void check_graph_input(const NodeSpec& node);

/// Whether the second node takes the first one's sum over.
bool fusible(const NodeSpec& add, const NodeSpec& norm);

}  // namespace locus::graph
