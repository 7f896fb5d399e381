#include <cmath>
#include <set>

#include "engine/ops/ops.hpp"
#include "tools/cli/doctor/doctor.hpp"
#include "tools/cli/support/alternatives.hpp"

namespace locus::cli {
namespace {

/// Every reading of `position --check`, and what a table by positions cannot tell.
std::vector<Alternatives> encoding_alternatives() {
  using Text = std::string;
  std::vector<Alternatives> all = alternatives();
  all.push_back({"rope", "base", {10000.0, 500000.0, 1000000.0}});
  all.push_back({"rope", "rotate_value", {false, true}});
  all.push_back({"learned", "offset", {int64_t{0}, int64_t{1}, int64_t{2}}});
  all.push_back({"t5", "direction", {Text("both"), Text("past")}});
  all.push_back({"t5", "max_distance", {int64_t{64}, int64_t{128}, int64_t{256}}});
  return all;
}

Attribute default_of(const std::string& scheme, const std::string& parameter) {
  for (const SchemeParameter& each : find_scheme(scheme).parameters) {
    if (each.name == parameter) return each.value;
  }
  return std::string();
}

/// Texts of the values that links of a scheme have now; empty where no link is of it.
std::set<std::string> current_values(const GraphSpec& spec, const Alternatives& each) {
  std::set<std::string> values;
  for (const auto& [name, encoding] : spec.encodings) {
    for (const SchemeChoice& link : encoding.chain) {
      if (link.name != each.scheme) continue;
      const auto& set = link.parameters.values();
      const auto found = set.find(each.parameter);
      values.insert(
          to_string(found == set.end() ? default_of(each.scheme, each.parameter) : found->second));
    }
  }
  return values;
}

LabChange with_parameter(const Alternatives& each, const Attribute& value) {
  const auto revise = [scheme = each.scheme, parameter = each.parameter, value](GraphSpec& spec) {
    for (auto& [name, encoding] : spec.encodings) {
      for (SchemeChoice& link : encoding.chain) {
        if (link.name == scheme) link.parameters.set(parameter, value);
      }
    }
  };
  return {each.scheme + ": " + each.parameter + "=" + to_string(value), {}, {}, revise};
}

void add_encodings(const GraphSpec& spec, std::vector<LabChange>& readings) {
  for (const Alternatives& each : encoding_alternatives()) {
    const auto current = current_values(spec, each);
    if (current.empty()) continue;
    for (const Attribute& value : each.values) {
      if (!current.contains(to_string(value))) readings.push_back(with_parameter(each, value));
    }
  }
}

/// A change of one attribute in all nodes of a kind that have it.
LabChange with_attribute(const std::string& text, const std::string& kind, const std::string& name,
                         const Attribute& value) {
  return {text, {}, {}, [kind, name, value](GraphSpec& spec) {
            for (NodeSpec& node : spec.nodes) {
              if (node.kind == kind && node.attributes.contains(name)) {
                node.attributes.set(name, value);
              }
            }
          }};
}

void add_activations(const GraphSpec& spec, std::vector<LabChange>& readings) {
  std::set<Activation> current;
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind != "feed_forward") continue;
    current.insert(
        parse_activation(node.name, node.attributes.text(node.name, "activation", "identity")));
  }
  if (current.empty()) return;
  for (const std::string name : {"gelu", "gelu_new", "relu", "silu"}) {
    if (current.contains(parse_activation("doctor", name))) continue;
    readings.push_back(with_attribute("activation " + name, "feed_forward", "activation", name));
  }
}

void add_epsilons(const GraphSpec& spec, std::vector<LabChange>& readings) {
  std::set<double> current;
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind == "norm") current.insert(node.attributes.number(node.name, "epsilon"));
  }
  if (current.empty()) return;
  for (const double epsilon : {1e-5, 1e-6, 1e-12}) {
    if (current.contains(epsilon)) continue;
    readings.push_back(
        with_attribute("epsilon " + significant(epsilon, 3), "norm", "epsilon", epsilon));
  }
}

bool reads_ids(const NodeSpec& node) {
  return node.kind == "embedding" && (node.inputs == std::vector<std::string>{"ids"} ||
                                      node.inputs == std::vector<std::string>{"decoder_ids"});
}

void add_token_scales(const GraphSpec& spec, std::vector<LabChange>& readings) {
  const double root = std::sqrt(static_cast<double>(spec.width));
  for (const double scale : {1.0, root}) {
    bool other = false;
    for (const NodeSpec& node : spec.nodes) {
      const double current = node.attributes.number(node.name, "scale", 1);
      other = other || (reads_ids(node) && std::abs(current - scale) > 1e-3 * scale);
    }
    if (!other) continue;
    readings.push_back(
        {"token vectors times " + significant(scale, 6), {}, {}, [scale](GraphSpec& graph) {
           for (NodeSpec& node : graph.nodes) {
             if (reads_ids(node)) node.attributes.set("scale", scale);
           }
         }});
  }
}

/// T5's scores are not scaled; all others are, by 1/sqrt(d).
void add_score_scales(const GraphSpec& spec, std::vector<LabChange>& readings) {
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind != "attention") continue;
    const double size = node.attributes.number(node.name, "head_size");
    const double usual = 1 / std::sqrt(size);
    const double current = node.attributes.number(node.name, "scale", usual);
    const double other = std::abs(current - 1) < 1e-3 ? usual : 1;
    readings.push_back({"scores times " + significant(other, 6), {}, {}, [other](GraphSpec& graph) {
                          for (NodeSpec& each : graph.nodes) {
                            if (each.kind == "attention") each.attributes.set("scale", other);
                          }
                        }});
    return;
  }
}

}  // namespace

std::vector<LabChange> other_readings(const GraphSpec& spec) {
  std::vector<LabChange> readings;
  add_encodings(spec, readings);
  LabChange without = parse_lab_change("remove");
  without.text = "no encoding";
  readings.push_back(std::move(without));
  add_activations(spec, readings);
  add_epsilons(spec, readings);
  add_token_scales(spec, readings);
  add_score_scales(spec, readings);
  return readings;
}

}  // namespace locus::cli
