#include "tools/cli/verbs/bench/work.hpp"

#include <algorithm>
#include <map>

#include "engine/weights.hpp"
#include "models/checkpoint.hpp"

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

}  // namespace

double operations(const Model& model, const Workload& workload) {
  std::map<std::string, std::string> rows;
  for (const auto& node : model.graph()->nodes()) rows[node.name] = node.rows;
  const auto weights = stored_weights(model);
  const bool has_decoder = model.spec().outputs.contains("encoder_last_hidden_state");
  double total = 0;
  for (const auto& node : model.spec().nodes) {
    const auto& kind = rows[node.name];
    if (node.kind == "embedding" || kind == "decoder tokens") continue;
    if (kind == "requested" && has_decoder) continue;
    const auto count = workload.batch * (kind == "sequences" ? 1 : workload.length);
    total += 2.0 * static_cast<double>(count * matrix_values(node, weights));
    if (node.kind == "attention") total += attention_operations(node, workload);
  }
  return total;
}

}  // namespace locus::cli
