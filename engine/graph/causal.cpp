#include <algorithm>

#include "engine/graph/plan.hpp"
#include "engine/layers/attention/visibility.hpp"
#include "engine/layers/kinds.hpp"

namespace locus::graph {

bool is_causal(const Graph::Plan& plan) {
  const Stage decoding = plan.has_decoder ? Stage::decoder : Stage::main;
  bool attends = false;
  for (size_t index = 0; index < plan.spec.nodes.size(); ++index) {
    if (plan.values[index].stage != decoding) continue;  // value i belongs to node i
    const NodeSpec& node = plan.spec.nodes[index];
    const layers::NodeKind& kind = layers::kind_of(node);
    if (kind.looks_ahead && kind.looks_ahead(node)) return false;
    attends |= kind.attends && node.inputs.size() == 1;
  }
  return attends;
}

bool is_stepwise(const Graph::Plan& plan) {
  const bool encodings = std::ranges::all_of(plan.spec.encodings, [&](const auto& encoding) {
    return traits_of(encoding.second.chain, plan.options.schemes).stepwise;
  });
  return encodings && std::ranges::all_of(plan.spec.nodes, [](const NodeSpec& node) {
           return !layers::kind_of(node).attends || layers::visibility_of(node)->stepwise();
         });
}

}  // namespace locus::graph
