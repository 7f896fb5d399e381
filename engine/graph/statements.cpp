// What a graph says of itself beside its nodes.
#include "base/error.hpp"
#include "engine/graph/plan.hpp"
#include "engine/layers/kinds.hpp"

namespace locus::graph {
namespace {

void check_context(const GraphSpec& spec) {
  if (spec.context == 0 || spec.trained_context <= spec.context) return;
  throw Error("graph", "a trained_context of at most the context, " + std::to_string(spec.context),
              std::to_string(spec.trained_context));
}

void check_width(const Graph::Plan& plan) {
  const bool attends = plan.attention_nodes > 0;
  const Value* example = nullptr;
  for (size_t index = 0; index < plan.values.size(); ++index) {  // one for each node
    if (attends && !layers::kind_of(plan.spec.nodes[index]).attends) continue;
    const Value& value = plan.values[index];
    if (value.width == plan.spec.width) return;
    if (!example) example = &value;
  }
  throw Error("graph",
              "the width of " + std::string(attends ? "an attention" : "a") + " node, such as " +
                  std::to_string(example->width) + " of '" + example->name + "'",
              std::to_string(plan.spec.width));
}

void check_task(const Graph::Plan& plan) {
  const std::string& task = plan.spec.task;
  if ((task == "causal-lm" || task == "masked-lm") && plan.has_decoder) {
    throw Error("graph", "no node that reads decoder_ids for the task '" + task + "'", "one");
  }
  if (task == "sequence-to-sequence" && !plan.has_decoder) {
    throw Error("graph", "nodes that read decoder_ids for the task '" + task + "'", "none");
  }
}

}  // namespace

void check_statements(const Graph::Plan& plan) {
  check_task(plan);
  check_context(plan.spec);
  if (plan.spec.width > 0) check_width(plan);
}

}  // namespace locus::graph
