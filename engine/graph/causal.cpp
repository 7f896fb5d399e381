#include <algorithm>

#include "engine/graph/plan.hpp"
#include "engine/layers/attention/visibility.hpp"
#include "engine/layers/kinds.hpp"

namespace locus::graph {

namespace {

/// Whether a node of the stage that decodes is such.
template <class Test>
bool any_decoding(const Graph::Plan& plan, const Test& test) {
  const Stage decoding = plan.has_decoder ? Stage::decoder : Stage::main;
  for (size_t index = 0; index < plan.spec.nodes.size(); ++index) {
    const NodeSpec& node = plan.spec.nodes[index];  // value i belongs to node i
    if (plan.values[index].stage == decoding && test(node, layers::kind_of(node))) return true;
  }
  return false;
}

}  // namespace

bool looks_ahead(const Graph::Plan& plan) {
  return any_decoding(plan, [](const NodeSpec& node, const layers::NodeKind& kind) {
    return kind.looks_ahead && kind.looks_ahead(node);
  });
}

bool is_causal(const Graph::Plan& plan) {
  return !plan.looks_ahead &&
         any_decoding(plan, [](const NodeSpec& node, const layers::NodeKind& kind) {
           return kind.attends && node.inputs.size() == 1;
         });
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
