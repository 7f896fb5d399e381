#include "tools/cli/verbs/bench/work.hpp"

#include <algorithm>
#include <map>

#include "engine/weights.hpp"
#include "models/checkpoint.hpp"
#include "pipelines/pipeline.hpp"

namespace locus::cli {
namespace {

// Values of a node's matrices: biases and gains are no products.
int64_t matrix_values(const NodeSpec& node, const Weights& weights) {
  int64_t values = 0;
  for (const auto& [local, reference] : node.weights) {
    const auto shape = resolved_shape(reference, weights);
    if (shape.size() == 2) values += element_count(shape);
  }
  return values;
}

double visible_pairs(const NodeSpec& node, int64_t length) {
  const auto visibility = node.attributes.text(node.name, "visibility", "all");
  const auto t = static_cast<double>(length);
  if (visibility == "causal") return t * (t + 1) / 2;
  if (visibility == "all") return t * t;
  const auto left = node.attributes.integer(node.name, "left", length);
  const auto right = node.attributes.integer(node.name, "right", length);
  return t * static_cast<double>(std::min(length, left + right + 1));
}

double attention_operations(const NodeSpec& node, const Workload& workload) {
  const auto heads = node.attributes.integer(node.name, "heads");
  const auto head_size = node.attributes.integer(node.name, "head_size");
  return 4.0 * static_cast<double>(heads * head_size * workload.batch) *
         visible_pairs(node, workload.length);
}

/// Bytes of a node's rows, in and out.
double row_bytes(const NodeSpec& node, const std::map<std::string, NodeSummary>& nodes,
                 double count) {
  const auto width = [&](const std::string& name) {
    const auto found = nodes.find(name);
    return found == nodes.end() ? 0.0 : static_cast<double>(found->second.width);
  };
  double widths = width(node.name);
  for (const auto& input : node.inputs) widths += width(input);
  return 4 * widths * count;
}

}  // namespace

std::vector<NodeWork> work_by_node(const Model& model, const Workload& workload) {
  std::map<std::string, NodeSummary> nodes;
  for (const auto& node : model.graph()->nodes()) nodes[node.name] = node;
  const auto weights = stored_weights(model);
  const bool has_decoder = model.spec().outputs.contains("encoder_last_hidden_state");
  const auto value = static_cast<double>(value_bytes(used_precision(model)));
  std::vector<NodeWork> result;
  for (const auto& node : model.spec().nodes) {
    const auto& rows = nodes[node.name].rows;
    if (rows == "decoder tokens" || (rows == "requested" && has_decoder)) continue;
    const auto count =
        static_cast<double>(workload.batch * (rows == "sequences" ? 1 : workload.length));
    NodeWork work{node.name, node.kind, 0, row_bytes(node, nodes, count)};
    if (node.kind != "embedding") {
      const auto values = static_cast<double>(matrix_values(node, weights));
      work.operations = 2 * count * values;
      work.bytes += value * values;
    }
    if (node.kind == "attention") work.operations += attention_operations(node, workload);
    result.push_back(std::move(work));
  }
  return result;
}

double operations(const Model& model, const Workload& workload) {
  double total = 0;
  for (const auto& node : work_by_node(model, workload)) total += node.operations;
  return total;
}

}  // namespace locus::cli
