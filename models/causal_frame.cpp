#include "models/causal_frame.hpp"

namespace locus {

GraphBuilder begin_causal(const Config& config, const Weights& weights, const CausalNames& names,
                          GraphBuilder::Extent extent) {
  const bool bare = config.architecture({names.bare, names.headed}, names.headed) == names.bare;
  GraphBuilder graph(config, weights, {names.base, bare});
  graph.describe(names.family, bare ? "encoder" : "causal-lm", extent);
  return graph;
}

FamilyGraph finish_causal(GraphBuilder& graph, const LmHead& head, const std::string& last) {
  graph.output("last_hidden_state", last);
  if (graph.spec().task == "causal-lm") graph.lm_head(head, last);
  return graph.finish();
}

}  // namespace locus
