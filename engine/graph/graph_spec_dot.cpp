// Graphs in Graphviz's language (https://graphviz.org/doc/info/lang.html).
#include "engine/graph_spec.hpp"

#include <array>
#include <set>
#include <string_view>

namespace locus {
namespace {

struct Look {
  std::string_view kind, shape, colour;
};

constexpr std::array<Look, 9> looks{{
    {"embedding", "cylinder", "#fde0c5"},
    {"position", "hexagon", "#d7ecd9"},
    {"norm", "box", "#f0f0f0"},
    {"attention", "box3d", "#d6e4f5"},
    {"feed_forward", "trapezium", "#e7dcf2"},
    {"linear", "parallelogram", "#f6e8b1"},
    {"add", "circle", "#ffffff"},
    {"gather", "cds", "#f6d5d5"},
    {"pool", "invtrapezium", "#d3eef0"},
}};

Look look_of(std::string_view kind) {
  for (const Look& look : looks) {
    if (look.kind == kind) return look;
  }
  return {kind, "box", "#ffffff"};
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (char letter : text) {
    if (letter == '\n') {
      result += "\\n";
      continue;
    }
    if (letter == '"' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + '"';
}

std::string node_label(const NodeSpec& node) {
  if (node.kind == "add") return "+";
  std::string label = node.name + "\n" + node.kind;
  for (const auto& [name, value] : node.attributes.values()) {
    label += "\n" + name + " " + to_string(value);
  }
  return label;
}

std::string draw_node(const NodeSpec& node) {
  const Look look = look_of(node.kind);
  return "  " + in_quotes(node.name) + " [label=" + in_quotes(node_label(node)) +
         ", shape=" + std::string(look.shape) + ", fillcolor=" + in_quotes(look.colour) + "];\n";
}

std::string draw_edge(std::string_view from, std::string_view to, std::string_view attributes) {
  std::string line = "  " + in_quotes(from) + " -> " + in_quotes(to);
  if (!attributes.empty()) line += " [" + std::string(attributes) + "]";
  return line + ";\n";
}

std::string encoding_id(std::string_view name) { return "encoding " + std::string(name); }

std::string draw_encodings(const GraphSpec& spec) {
  std::string text;
  for (const auto& [name, encoding] : spec.encodings) {
    const auto scheme = encoding.chain.empty() ? "none" : to_string(encoding.chain);
    text += "  " + in_quotes(encoding_id(name)) + " [label=" + in_quotes(name + "\n" + scheme) +
            ", shape=note, fillcolor=\"#d7ecd9\"];\n";
  }
  return text;
}

std::string draw_inputs(const GraphSpec& spec) {
  std::set<std::string> names;
  for (const auto& node : spec.nodes) names.insert(node.inputs.begin(), node.inputs.end());
  for (const auto& node : spec.nodes) names.erase(node.name);
  std::string text;
  for (const auto& name : names) text += "  " + in_quotes(name) + " [shape=oval];\n";
  return text;
}

std::string draw_outputs(const GraphSpec& spec) {
  std::string text;
  for (const auto& [name, node] : spec.outputs) {
    const std::string id = "output " + name;
    text += "  " + in_quotes(id) + " [label=" + in_quotes(name) + ", shape=oval];\n";
    text += draw_edge(node, id, "");
  }
  return text;
}

}  // namespace

std::string to_dot(const GraphSpec& spec, const std::map<std::string, std::string>& labels) {
  const std::string title = spec.family + " " + spec.task + ", D = " + std::to_string(spec.width);
  std::string text = "digraph locus {\n  label=" + in_quotes(title) + ";\n" +
                     "  node [fontname=\"sans-serif\", style=filled, fillcolor=white];\n" +
                     "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  text += draw_inputs(spec) + draw_encodings(spec);
  for (const auto& node : spec.nodes) {
    text += draw_node(node);
    for (const auto& input : node.inputs) {
      const auto label = labels.find(input);
      text += draw_edge(input, node.name,
                        label == labels.end() ? "" : "label=" + in_quotes(label->second));
    }
    if (!node.encoding.empty()) {
      text += draw_edge(encoding_id(node.encoding), node.name, "style=dashed, arrowhead=none");
    }
  }
  return text + draw_outputs(spec) + "}\n";
}

std::string to_dot(const GraphSpec& spec) { return to_dot(spec, {}); }

}  // namespace locus
