#include "tools/cli/verbs/doctor/readings.hpp"

#include <algorithm>
#include <cmath>

#include "engine/activation.hpp"
#include "tools/cli/verbs/doctor/doctor.hpp"

namespace locus::cli {
namespace {

bool differs(double current, double wanted) {
  return std::abs(current - wanted) > 1e-3 * std::abs(wanted);
}

/// All nodes of a kind get another value of an attribute, unless one has it.
template <typename Has>
void set_in_all(GraphSpec& spec, const std::string& kind, const std::string& name,
                const Attribute& value, const Has& has) {
  const auto of_kind = [&](const NodeSpec& node) {
    return node.kind == kind && node.attributes.contains(name);
  };
  for (const NodeSpec& node : spec.nodes) {
    if (of_kind(node) && has(node)) return;
  }
  for (NodeSpec& node : spec.nodes) {
    if (of_kind(node)) node.attributes.set(name, value);
  }
}

OtherReading activation_reading(const std::string& name) {
  return {"activation " + name, [name](GraphSpec& spec) {
            set_in_all(spec, "feed_forward", "activation", name, [&](const NodeSpec& node) {
              const std::string current = node.attributes.text(node.name, "activation");
              return parse_activation(node.name, current) == parse_activation("doctor", name);
            });
          }};
}

OtherReading epsilon_reading(double epsilon) {
  return {"epsilon " + significant(epsilon, 3), [epsilon](GraphSpec& spec) {
            set_in_all(spec, "norm", "epsilon", epsilon, [&](const NodeSpec& node) {
              return node.attributes.number(node.name, "epsilon") == epsilon;
            });
          }};
}

/// What a factor of vectors is, for a model of a width.
struct Factor {
  std::string name;
  double (*of_width)(double width);
};

bool reads_ids(const NodeSpec& node) {
  return node.kind == "embedding" && (node.inputs == std::vector<std::string>{"ids"} ||
                                      node.inputs == std::vector<std::string>{"decoder_ids"});
}

OtherReading token_scale(const Factor& factor) {
  return {"token vectors times " + factor.name, [factor](GraphSpec& spec) {
            const double scale = factor.of_width(static_cast<double>(spec.width));
            for (NodeSpec& node : spec.nodes) {
              if (reads_ids(node) && differs(node.attributes.number(node.name, "scale", 1), scale))
                node.attributes.set("scale", scale);
            }
          }};
}

/// T5 divides what a tied head reads by the width's root, and no other model does.
OtherReading head_scale(const Factor& factor) {
  return {"logits times " + factor.name, [factor](GraphSpec& spec) {
            const auto logits = spec.outputs.find("logits");
            if (!has_two_stacks(spec) || logits == spec.outputs.end()) return;
            const double scale = factor.of_width(static_cast<double>(spec.width));
            for (NodeSpec& node : spec.nodes) {
              if (node.name != logits->second || node.kind != "linear") continue;
              if (differs(node.attributes.number(node.name, "scale", 1), scale))
                node.attributes.set("scale", scale);
            }
          }};
}

const Factor one{"1", [](double) { return 1.0; }};
const Factor root{"sqrt(D)", [](double width) { return std::sqrt(width); }};
const Factor inverse_root{"1/sqrt(D)", [](double width) { return 1 / std::sqrt(width); }};

OtherReadings layer_readings() {
  OtherReadings rows;
  for (const char* name : {"gelu", "gelu_new", "relu", "silu"}) {
    rows.push_back(activation_reading(name));
  }
  for (const double epsilon : {1e-5, 1e-6, 1e-12}) rows.push_back(epsilon_reading(epsilon));
  for (const Factor& factor : {one, root}) rows.push_back(token_scale(factor));
  for (const Factor& factor : {one, inverse_root}) rows.push_back(head_scale(factor));
  return rows;
}

void add_applying(const GraphSpec& spec, const OtherReadings& rows,
                  std::vector<AblationChange>& changes) {
  for (const OtherReading& row : rows) {
    GraphSpec revised = spec;
    row.revise(revised);
    if (revised != spec) changes.push_back({row.name, {}, {}, row.revise});
  }
}

}  // namespace

bool has_two_stacks(const GraphSpec& spec) {
  return spec.outputs.contains("encoder_last_hidden_state");
}

std::vector<AblationChange> other_readings(const GraphSpec& spec) {
  std::vector<AblationChange> changes;
  add_applying(spec, encoding_readings(), changes);
  AblationChange without = parse_change("remove");
  without.text = "no encoding";
  changes.push_back(std::move(without));
  for (const OtherReadings& rows : {layer_readings(), attention_readings(), residual_readings()}) {
    add_applying(spec, rows, changes);
  }
  return changes;
}

}  // namespace locus::cli
