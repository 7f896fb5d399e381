// What every causal model has before and behind its layers. Internal: not installed.
#pragma once

#include <string>

#include "models/graph_builder.hpp"

namespace locus {

/// The names of a family: its `model_type`, the path of its base model with its dot, its bare class
/// and the one with a head.
struct CausalNames {
  std::string family, base, bare, headed;
};

/// An empty graph of the class that the config names.
GraphBuilder begin_causal(const Config& config, const Weights& weights, const CausalNames& names,
                          GraphBuilder::Extent extent);

/// Ends with the last hidden state, or with logits where the class has a head.
FamilyGraph finish_causal(GraphBuilder& graph, const LmHead& head, const std::string& last);

}  // namespace locus
