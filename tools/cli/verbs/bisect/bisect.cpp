#include "tools/cli/verbs/bisect/bisect.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "engine/weights.hpp"
#include "tools/cli/input/trace_input.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct BisectOptions {
  CommonOptions common;
  std::string reference;
  TraceInputOptions input;
  double tolerance = 1e-4;
};

TraceInput read_inputs(Pipeline& pipeline, const Weights& reference, const BisectOptions& options) {
  const Model& model = pipeline.model();
  const TraceInput stored = stored_input(model, reference);
  if (!holds_input(stored) && !given(options.input.input)) {
    const bool ids = model.graph()->input().kind == GraphInput::Kind::ids;
    throw Error(options.reference,
                ids ? "a tensor 'ids' or 'input_ids', or --ids or --text"
                    : "a tensor 'features' or 'pixel_values', or --features or --image",
                "none");
  }
  return read_trace_input(pipeline, options.input, stored);
}

/// Sizes without those of 1 before the last two: a batch of one sequence.
Shape without_batch(Shape shape) {
  while (shape.size() > 1 && shape.front() == 1) shape.erase(shape.begin());
  return shape;
}

ConstView as_matrix(const Tensor& tensor) {
  const int64_t width = tensor.shape().back();
  return ConstView(tensor.data(), {width == 0 ? 0 : tensor.count() / width, width});
}

/// Two values that are no numbers are the same where they are printed alike.
double difference_of(double found, double expected) {
  if (found == expected || (std::isnan(found) && std::isnan(expected))) return 0;
  const double difference = std::abs(found - expected);
  return std::isnan(difference) ? INFINITY : difference;
}

void measure(const NodePair& pair, NodeMatch& match) {
  double scale = 0;
  for (int64_t row = 0; row < pair.expected.size(0); ++row) {
    const auto found = pair.found.row(row), expected = pair.expected.row(row);
    for (size_t column = 0; column < expected.size(); ++column) {
      if (std::isfinite(expected[column])) {
        scale = std::max(scale, std::abs(double{expected[column]}));
      }
      const double difference = difference_of(found[column], expected[column]);
      if (difference <= match.largest) continue;
      match.largest = difference;
      match.row = row;
      match.column = static_cast<int64_t>(column);
      match.expected = expected[column];
      match.found = found[column];
    }
  }
  match.relative = scale > 0 ? match.largest / scale : match.largest;
}

/// Compares nodes in order of computation.
class Bisector {
 public:
  Bisector(const Model& model, const Weights& reference, double tolerance)
      : model_(model), reference_(reference) {
    bisection_.tolerance = tolerance;
  }

  Bisection run(const Tensors& trace) {
    std::set<std::string> known;
    for (const NodeSpec& node : model_.spec().nodes) {
      known.insert(node.name);
      if (reference_.contains(node.name) && trace.contains(node.name)) {
        compare(node, node.name, trace.at(node.name));
      }
    }
    for (const auto& [name, node] : model_.spec().outputs) {  // by their standard names
      known.insert(name);
      if (name == node || !reference_.contains(name) || !trace.contains(name)) continue;
      compare(model_.spec().node(node), name, trace.at(name));
    }
    for (const std::string& name : reference_.names()) {
      if (!known.contains(name) && !is_input_name(name)) bisection_.not_in_graph.push_back(name);
    }
    return std::move(bisection_);
  }

 private:
  void compare(const NodeSpec& node, const std::string& name, const Tensor& found) {
    NodeMatch match;
    match.name = name;
    match.kind = node.kind;
    const Tensor expected = reference_.f32(name);
    const Shape shape = without_batch(expected.shape());
    const bool first = !bisection_.first;
    if (shape != without_batch(found.shape())) {
      match.shape = to_string(shape) + " where " + to_string(found.shape()) + " is found";
      match.relative = INFINITY;
      if (first) {
        bisection_.causes = {"another input, another width, or a node that means something else"};
      }
    } else {
      const NodePair pair{node, as_matrix(found), as_matrix(expected), agreed_[node.kind]++};
      measure(pair, match);
      if (first && match.relative > bisection_.tolerance) {
        bisection_.causes = likely_causes(pair, match);
      }
    }
    if (first && match.relative > bisection_.tolerance) bisection_.first = bisection_.nodes.size();
    bisection_.nodes.push_back(std::move(match));
  }

  const Model& model_;
  const Weights& reference_;
  Bisection bisection_;
  std::map<std::string, int64_t> agreed_;  // nodes by kind, up to the first that differs
};

std::string place_of(const NodeMatch& match) {
  if (!match.shape.empty()) return "the reference has " + match.shape;
  return "by " + significant(match.largest, 3) + ", " + significant(match.relative, 3) +
         " of its largest value; at row " + std::to_string(match.row) + ", column " +
         std::to_string(match.column) + ": expected " + significant(match.expected, 6) +
         ", found " + significant(match.found, 6);
}

/// The first name, and how many there are.
std::string some_of(const std::vector<std::string>& names) {
  if (names.size() < 2) return listed(names);
  return names.front() + " and " + std::to_string(names.size() - 1) + " more";
}

void bisect(const BisectOptions& options) {
  Pipeline pipeline = open_pipeline(options.common);
  const Model& model = pipeline.model();
  const Weights reference = open_safetensors(options.reference);
  const TraceInput input = read_inputs(pipeline, reference, options);
  const Tensors trace = trace_nodes(model, input, options.common);
  const Bisection bisection = Bisector(model, reference, options.tolerance).run(trace);
  if (bisection.nodes.empty()) {
    throw Error(options.reference, "tensors named as nodes are (locus inspect lists them)",
                some_of(bisection.not_in_graph));
  }
  if (options.common.json) return print_json(to_json(bisection));
  print(to_text(bisection));
}

}  // namespace

std::string to_text(const Bisection& bisection) {
  Table table({left("node"), left("kind"), right("difference"), left()});
  for (size_t i = 0; i < bisection.nodes.size(); ++i) {
    const NodeMatch& match = bisection.nodes[i];
    table.add({match.name, match.kind,
               match.shape.empty() ? significant(match.relative, 2) : std::string("shape"),
               bisection.first == i ? "<- first" : ""});
  }
  std::string text = table.text(terminal_width()) + "\n";
  if (!bisection.not_in_graph.empty()) {
    text +=
        "Tensors of the reference that are no nodes: " + some_of(bisection.not_in_graph) + ".\n";
  }
  if (!bisection.first) {
    return text + "All " + std::to_string(bisection.nodes.size()) + " nodes agree to " +
           significant(bisection.tolerance, 2) + " of their largest value.\n";
  }
  const NodeMatch& match = bisection.nodes[*bisection.first];
  text += bold(match.name) + " (" + match.kind + ") is the first that differs, " + place_of(match) +
          ".\nWhat usually causes it:\n";
  for (const std::string& cause : bisection.causes) text += "  - " + cause + "\n";
  if (*bisection.first == 0)
    text += "No node before it is in the reference: it may be any of them.\n";
  return text;
}

Json to_json(const Bisection& bisection) {
  Json nodes = Json::array();
  for (const NodeMatch& match : bisection.nodes) {
    Json node{{"name", match.name}, {"kind", match.kind}};
    if (!match.shape.empty()) {
      node["shape"] = match.shape;
    } else {
      node.update({{"largest", match.largest},
                   {"relative", match.relative},
                   {"row", match.row},
                   {"column", match.column},
                   {"expected", match.expected},
                   {"found", match.found}});
    }
    nodes.push_back(std::move(node));
  }
  return {{"first", bisection.first ? Json(bisection.nodes[*bisection.first].name) : Json()},
          {"causes", bisection.causes},
          {"tolerance", bisection.tolerance},
          {"nodes", std::move(nodes)},
          {"not_in_graph", bisection.not_in_graph}};
}

Action add_bisect(Arguments& arguments) {
  const auto options = std::make_shared<BisectOptions>();
  add_model(arguments, options->common);
  arguments.required("REFERENCE", options->reference,
                     "a safetensors file: inputs (ids, ...) and outputs of nodes, by their names");
  add_trace_input(arguments, options->input, "what the reference read, where it does not hold ids");
  arguments.option("--tolerance", &options->tolerance,
                   {"X", "of a node's largest value that counts as equal", Range{0}});
  arguments.example("locus bisect causal-rope trace.safetensors --text 'Positions matter.'");
  return [options] { bisect(*options); };
}

}  // namespace locus::cli
