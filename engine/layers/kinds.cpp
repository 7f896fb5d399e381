#include "engine/layers/kinds.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "engine/layers/makers.hpp"

namespace locus {
namespace {

const std::vector<NodeKind>& kinds() {
  static const std::vector<NodeKind> table{
      {"embedding",
       1,
       1,
       {"scale", "first", "vocabulary", "shift", "shift_id"},
       {"table"},
       make_embedding},
      {"features", 0, 0, {"width", "rows"}, {}, make_features},
      {"patches", 1, 1, {"height", "width", "order", "rows", "columns"}, {}, make_patches},
      {"windows", 1, 1, {"size", "shift"}, {}, make_windows},
      {"restore", 1, 1, {}, {}, make_restore},
      {"position", 1, 1, {"padding"}, {}, make_position},
      {"norm", 1, 1, {"kind", "epsilon", "gain_offset"}, {"gain", "bias"}, make_norm},
      {"attention",
       1,
       2,
       {"heads", "key_heads", "head_size", "scale", "limit", "visibility", "left", "right",
        "memory", "before", "soft_cap", "norm_epsilon", "norm_gain_offset"},
       {"query", "key", "value", "output", "query_bias", "key_bias", "value_bias", "output_bias",
        "before", "query_norm", "key_norm"},
       make_attention},
      {"feed_forward",
       1,
       1,
       {"activation"},
       {"up", "down", "gate", "up_bias", "down_bias", "gate_bias"},
       make_feed_forward},
      {"linear", 1, 1, {"activation", "scale"}, {"weight", "bias"}, make_linear},
      {"soft_cap", 1, 1, {"cap"}, {}, make_soft_cap},
      {"convolution", 1, 1, {"activation", "groups"}, {"weight", "bias"}, make_convolution},
      {"add", 2, 2, {}, {}, make_add},
      {"gather", 1, 1, {"rows", "id"}, {}, make_gather},
      {"adaptive_softmax", 1, most_inputs, {}, {}, make_adaptive_softmax},
      {"pool", 1, 1, {"kind"}, {}, make_pool},
  };
  return table;
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text.empty() ? "none" : text;
}

void check_name(const NodeSpec& node, std::string_view what, const std::string& name,
                const std::vector<std::string_view>& known) {
  if (std::ranges::find(known, name) == known.end()) {
    throw Error(node.name, std::string(what) + " of " + joined(known), "'" + name + "'");
  }
}

}  // namespace

const NodeKind& check_kind(const NodeSpec& node) {
  const auto kind = std::ranges::find(kinds(), node.kind, &NodeKind::name);
  if (kind == kinds().end()) {
    std::vector<std::string_view> names;
    for (const NodeKind& known : kinds()) names.push_back(known.name);
    throw Error(node.name, "a kind of " + joined(names), "'" + node.kind + "'");
  }
  for (const auto& [name, value] : node.attributes.values()) {
    check_name(node, "an attribute", name, kind->attributes);
  }
  for (const auto& [name, reference] : node.weights)
    check_name(node, "a weight", name, kind->weights);
  if (node.inputs.size() < kind->fewest_inputs || node.inputs.size() > kind->most_inputs) {
    throw Error(node.name,
                std::to_string(kind->fewest_inputs) + " to " + std::to_string(kind->most_inputs) +
                    " inputs",
                std::to_string(node.inputs.size()));
  }
  if (!node.encoding.empty() && node.kind != "position" && node.kind != "attention") {
    throw Error(node.name, "an encoding on position and attention nodes alone",
                "'" + node.encoding + "'");
  }
  return *kind;
}

}  // namespace locus
