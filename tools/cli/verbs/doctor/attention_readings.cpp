#include <algorithm>
#include <cmath>

#include "tools/cli/verbs/doctor/readings.hpp"

namespace locus::cli {
namespace {

std::vector<NodeSpec*> attentions_of(GraphSpec& spec) {
  std::vector<NodeSpec*> found;
  for (NodeSpec& node : spec.nodes) {
    if (node.kind == "attention") found.push_back(&node);
  }
  return found;
}

std::string visibility_of(const NodeSpec& node) {
  return node.attributes.text(node.name, "visibility", "all");
}

double default_scale(const NodeSpec& node) {
  return 1 / std::sqrt(static_cast<double>(node.attributes.integer(node.name, "head_size")));
}

using ScaleOf = double (*)(const NodeSpec& attention, size_t layer);

/// T5's and GPT-Neo's scores are not scaled; all others are, by 1/sqrt(d).
OtherReading score_scale(const std::string& name, ScaleOf scale_of) {
  return {"scores times " + name, [scale_of](GraphSpec& spec) {
            const auto nodes = attentions_of(spec);
            for (size_t layer = 0; layer < nodes.size(); ++layer) {
              NodeSpec& node = *nodes[layer];
              const double wanted = scale_of(node, layer);
              const double current =
                  node.attributes.number(node.name, "scale", default_scale(node));
              if (std::abs(current - wanted) > 1e-3 * wanted) node.attributes.set("scale", wanted);
            }
          }};
}

/// GPT-2's `scale_attn_by_inverse_layer_idx`: for decoders alone.
OtherReading scale_by_layer() {
  const OtherReading all = score_scale("1/(sqrt(d) layer)", [](const NodeSpec& node, size_t layer) {
    return default_scale(node) / static_cast<double>(layer + 1);
  });
  return {all.name, [all](GraphSpec& spec) {
            if (spec.task == "causal-lm" && !has_two_stacks(spec)) all.revise(spec);
          }};
}

/// BERT's `is_decoder`, missing. The other way round it would show a decoder what it predicts.
OtherReading causal_reading() {
  return {"sees causal (is_decoder)", [](GraphSpec& spec) {
            if (spec.task == "causal-lm" || has_two_stacks(spec)) return;
            for (NodeSpec* node : attentions_of(spec)) {
              if (visibility_of(*node) == "all") {
                node->attributes.set("visibility", "causal");
              }
            }
          }};
}

}  // namespace

OtherReadings attention_readings() {
  return {
      score_scale("1/sqrt(d)", [](const NodeSpec& node, size_t) { return default_scale(node); }),
      score_scale("1", [](const NodeSpec&, size_t) { return 1.0; }), scale_by_layer(),
      causal_reading()};
}

}  // namespace locus::cli
