#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "engine/graph/node_checks.hpp"
#include "engine/graph/packing_team.hpp"
#include "engine/graph/plan.hpp"
#include "engine/layers/kinds.hpp"

namespace locus::graph {
namespace {

class Compiler {
 public:
  Compiler(Graph::Plan& plan, const Weights& weights)
      : plan_(plan),
        source_(weights, plan.options.precision, [this] { report(); }),
        team_(packing_team(weights, plan.options.threads)) {
    IntegerRange{.min = 0}.check("graph", "a width", plan_.spec.width);
    check_counts(plan_.spec);
    for (const NodeSpec& node : plan_.spec.nodes) layers::check_node(node);
    check_schemes(plan_.options.schemes);
    plan_.encodings = make_encodings(plan_.spec, source_, plan_.options);
    plan_.streams.push_back({.name = "tokens"});
  }

  void compile() {
    const std::vector<NodeSpec>& nodes = plan_.spec.nodes;
    if (nodes.empty()) throw Error("graph", "at least one node", "none");
    for (size_t index = 0; index < nodes.size(); ++index) {
      compiled_ = static_cast<int64_t>(index);
      report();
      if (index + 1 < nodes.size() && fusible(nodes[index], nodes[index + 1])) {
        add_fused(nodes[index], nodes[index + 1]);
        ++index;
      } else {
        add_node(nodes[index]);
      }
    }
    compiled_ = static_cast<int64_t>(nodes.size());
    report();
    find_tail(plan_);
    std::ranges::stable_sort(plan_.steps, {}, &Step::stage);
    find_outputs();
    plan_.slots = assign_slots(plan_.values, plan_.steps, plan_.outputs);
    summarise();
    check_statements(plan_);
  }

 private:
  void report() const {
    const auto total = static_cast<int64_t>(plan_.spec.nodes.size());
    if (plan_.options.progress) plan_.options.progress(compiled_, total);
  }

  /// The value of an earlier node, or -1.
  int find_value(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? -1 : found->second;
  }

  void add_node(const NodeSpec& node) {
    const layers::NodeKind& kind = layers::kind_of(node);
    Step step;
    step.inputs = inputs_of(node);
    const layers::NodeReader reader = reader_of(node, step.inputs);
    step.layer = kind.make(reader);
    step.outputs = {add_value(node, *step.layer, step.inputs)};
    step.stage = plan_.values.back().stage;
    step.stream = plan_.values[kind.restores ? step.inputs[0] : step.outputs[0]].stream;
    if (kind.attends) {
      ++plan_.attention_nodes;
      plan_.memory_rows = std::max(plan_.memory_rows, reader.integer("memory_rows", 0));
    }
    plan_.steps.push_back(std::move(step));
  }

  void add_fused(const NodeSpec& add, const NodeSpec& norm) {
    Step step;
    step.inputs = inputs_of(add);
    const auto sum = layers::kind_of(add).make(reader_of(add, step.inputs));
    step.outputs = {add_value(add, *sum, step.inputs)};
    step.layer = layers::kind_of(norm).make_after_sum(reader_of(norm, step.outputs));
    step.outputs.push_back(add_value(norm, *step.layer, step.outputs));
    step.stage = plan_.values.back().stage;
    step.stream = plan_.values.back().stream;
    plan_.steps.push_back(std::move(step));
  }

  layers::NodeReader reader_of(const NodeSpec& node, const std::vector<int>& inputs) {
    layers::NodeReader::Surroundings surroundings;
    for (int input : inputs) surroundings.input_widths.push_back(plan_.values[input].width);
    surroundings.encoding = encoding_of(node);
    surroundings.precision = plan_.options.precision;
    surroundings.cache_index = plan_.attention_nodes;
    surroundings.team = team_.get();
    return {node, source_, std::move(surroundings)};
  }

  std::shared_ptr<const PositionalEncoding> encoding_of(const NodeSpec& node) const {
    const EncodingChange& change = plan_.options.change;
    const bool meant =
        !change.layer || (layers::kind_of(node).attends && plan_.attention_nodes == *change.layer);
    auto encoding = plan_.encodings.of(node);
    return meant && !node.encoding.empty() ? changed(std::move(encoding), change) : encoding;
  }

  std::vector<int> inputs_of(const NodeSpec& node) const {
    if (layers::kind_of(node).source == layers::RowSource::ids) {
      check_graph_input(node);
      return {};
    }
    std::vector<int> inputs;
    for (const std::string& name : node.inputs) {
      inputs.push_back(find_value(name));
      if (inputs.back() < 0) throw Error(node.name, "an earlier node as input", "'" + name + "'");
    }
    return inputs;
  }

  int add_value(const NodeSpec& node, const layers::Layer& layer, const std::vector<int>& inputs) {
    if (node.name.empty()) throw Error("graph", "a name for every node", "none");
    if (find_value(node.name) >= 0) {
      throw Error("graph", "nodes of different names", "'" + node.name + "' twice");
    }
    Value value{.name = node.name, .kind = node.kind, .width = layer.width()};
    switch (layers::kind_of(node).source) {
      case layers::RowSource::ids:
        place_embedding(node, value);
        break;
      case layers::RowSource::features:
        place_features(node, value);
        break;
      case layers::RowSource::inputs:
        place(node, inputs, value);
        place_rows(node, layer, value);
    }
    plan_.values.push_back(std::move(value));
    return places_[node.name] = static_cast<int>(plan_.values.size()) - 1;
  }

  void place_embedding(const NodeSpec& node, Value& value) {
    if (node.inputs[0] == "decoder_ids") {
      value.rows = layers::RowKind::decoder_tokens;
      value.stage = Stage::decoder;
      plan_.has_decoder = true;
    }
    if (value.stage == Stage::main && plan_.input.kind != GraphInput::Kind::ids) {
      throw Error(node.name, "a graph of features alone", "'" + node.inputs[0] + "'");
    }
    const WeightRef& table = node.weights.at("table");
    if (node.inputs[0] == "ids" && plan_.vocabulary == 0) {
      plan_.vocabulary = node.attributes.integer(node.name, "vocabulary", rows_of(table));
    }
  }

  void place_features(const NodeSpec& node, const Value& value) {
    const bool other = std::ranges::any_of(
        plan_.values, [](const Value& each) { return each.stage == Stage::main; });
    if (other)
      throw Error(node.name, "the first node of a graph", "'" + plan_.values[0].name + "'");
    const std::string rows = node.attributes.text(node.name, "rows", "sequence");
    if (rows != "sequence" && rows != "map") {
      throw Error(node.name, "rows of a sequence or a map", "'" + rows + "'");
    }
    const bool mapped = rows == "map";
    plan_.input = {mapped ? GraphInput::Kind::map : GraphInput::Kind::features, value.width};
    plan_.streams[0].name = "features";
    plan_.streams[0].rows.mapped = mapped;
  }

  int64_t rows_of(const WeightRef& table) { return source_.shape_of(table)[0]; }

  void place(const NodeSpec& node, const std::vector<int>& inputs, Value& value) {
    const Value& first = plan_.values[inputs[0]];
    value.rows = first.rows;
    value.stage = first.stage;
    value.stream = first.stream;
    const bool rows_of_text =
        first.rows == layers::RowKind::tokens || first.rows == layers::RowKind::decoder_tokens;
    const layers::NodeKind& kind = layers::kind_of(node);
    if (kind.needs_texts && !rows_of_text) {
      throw Error(node.name, "an input with a row for each token", "'" + first.name + "'");
    }
    if (kind.reads_ids && kind.reads_ids(node)) check_ids(node, kind, first);
    for (const int other : inputs) {
      const Value& value = plan_.values[other];
      const bool same = value.rows == first.rows && value.stream == first.stream;
      if (kind.attends || same) continue;
      throw Error(node.name, "inputs with the same rows",
                  "'" + first.name + "' and '" + value.name + "'");
    }
    if (kind.attends && inputs.size() == 2) place_cross(node, inputs[1], first);
    if (kind.rows) choose_rows(node, kind.rows(node), value);
  }

  /// A decoder's rows have ids of their own; what chooses rows looks for the encoder's.
  void check_ids(const NodeSpec& node, const layers::NodeKind& kind, const Value& input) const {
    if (input.rows == layers::RowKind::decoder_tokens && !kind.rows) return;
    if (plan_.input.kind == GraphInput::Kind::ids) return;
    throw Error(node.name, "a graph that reads ids", "one of features");
  }

  /// One row for each sequence of the batch, or rows of it that the caller counts.
  void choose_rows(const NodeSpec& node, layers::RowKind rows, Value& value) {
    const bool requested = rows == layers::RowKind::requested;
    if (plan_.streams[value.stream].rows.cuts || (requested && value.stream > 0)) {
      throw Error(node.name, "rows of the batch's own sequences",
                  "those of '" + node.inputs[0] + "'");
    }
    if (requested) {
      plan_.head_rows = value.rows;
      value.stage = Stage::head;
    }
    value.rows = rows;
  }

  /// The rows that a node lays out anew or gives back, and what its encoding must make of them.
  void place_rows(const NodeSpec& node, const layers::Layer& layer, Value& value) {
    const Stream& from = plan_.streams[value.stream];
    if (layers::kind_of(node).restores) {
      if (!from.rows.cuts) {
        throw Error(node.name, "an input that was cut into windows", "'" + node.inputs[0] + "'");
      }
      value.stream = from.parent;
    } else if (layer.layout()) {
      if (!from.rows.mapped || value.rows != layers::RowKind::tokens) {
        throw Error(node.name, "an input whose rows lie on a map", "'" + node.inputs[0] + "'");
      }
      value.stream = stream_of(node, *layer.layout(), value.stream);
    }
    if (!node.encoding.empty()) place_encoding(node, plan_.streams[value.stream]);
  }

  /// Nodes that lay rows out in the same way share a stream.
  int stream_of(const NodeSpec& node, const layers::Layout& layout, int parent) {
    const auto found = std::ranges::find_if(plan_.streams, [&](const Stream& each) {
      return each.rows.name == layout.name && each.parent == parent;
    });
    if (found == plan_.streams.end()) {
      plan_.streams.push_back({.name = node.name, .parent = parent, .rows = layout});
      return static_cast<int>(plan_.streams.size()) - 1;
    }
    return static_cast<int>(found - plan_.streams.begin());
  }

  void place_encoding(const NodeSpec& node, Stream& stream) const {
    const std::vector<SchemeChoice>& chain = plan_.spec.encodings.at(node.encoding).chain;
    if (stream.rows.axes > 1 && !traits_of(chain, plan_.options.schemes).planar) {
      throw Error(node.name, "an encoding of rows and columns, such as window",
                  "'" + to_string(chain) + "'");
    }
    stream.max_length = std::min(stream.max_length, plan_.encodings.of(node)->max_length());
  }

  void place_cross(const NodeSpec& node, int memory, const Value& first) const {
    if (first.rows != layers::RowKind::decoder_tokens ||
        plan_.values[memory].rows != layers::RowKind::tokens) {
      throw Error(node.name, "cross-attention from decoder tokens to the encoder's",
                  "'" + first.name + "' and '" + plan_.values[memory].name + "'");
    }
  }

  void find_outputs() {
    for (const auto& [output, node] : plan_.spec.outputs) {
      plan_.outputs[output] = find_value(node);
      if (plan_.outputs[output] < 0) {
        throw Error("graph", "a node for the output '" + output + "'", "'" + node + "'");
      }
    }
  }

  void summarise() {
    plan_.used = source_.used();
    plan_.parameters = source_.parameters() + plan_.encodings.initialised_parameters;
    plan_.looks_ahead = looks_ahead(plan_);
    plan_.causal = is_causal(plan_);
    plan_.stepwise = plan_.causal && is_stepwise(plan_);
  }

  Graph::Plan& plan_;
  WeightSource source_;
  std::unique_ptr<Team> team_;                   // null: the caller packs alone
  std::unordered_map<std::string, int> places_;  // of values, by name
  int64_t compiled_ = 0;                         // nodes
};

}  // namespace

std::unique_ptr<const Graph::Plan> compile(GraphSpec spec, const Weights& weights,
                                           const GraphOptions& options) {
  auto plan = std::make_unique<Graph::Plan>();
  plan->spec = std::move(spec);
  plan->options = options;
  Compiler(*plan, weights).compile();
  plan->options.progress = {};  // of the opening alone
  return plan;
}

}  // namespace locus::graph
