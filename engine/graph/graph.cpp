#include "engine/graph.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/public_call.hpp"
#include "engine/graph/plan.hpp"

namespace locus {
namespace {

std::string_view row_name(const Graph::Plan& plan, const graph::Value& value) {
  switch (value.rows) {
    case layers::RowKind::tokens:
      return plan.streams[value.stream].name;
    case layers::RowKind::decoder_tokens:
      return "decoder tokens";
    case layers::RowKind::sequences:
      return "sequences";
    case layers::RowKind::requested:
      return "requested";
  }
  return "";
}

}  // namespace

Graph::Graph(GraphSpec spec, const Weights& weights, const GraphOptions& options)
    : plan_(public_call("graph",
                        [&] { return graph::compile(std::move(spec), weights, options); })) {}

Graph::~Graph() = default;

const GraphSpec& Graph::spec() const { return plan_->spec; }
const GraphOptions& Graph::options() const { return plan_->options; }
const std::vector<std::string>& Graph::weights_used() const { return plan_->used; }
const std::vector<std::string>& Graph::weights_initialised() const {
  return plan_->encodings.initialised;
}
int64_t Graph::parameters() const { return plan_->parameters; }
int64_t Graph::encoding_parameters() const { return plan_->encodings.parameters; }
int64_t Graph::max_length() const {
  const int64_t max = plan_->streams[0].max_length;
  return max == PositionalEncoding::unlimited ? max : max - plan_->memory_rows;
}
GraphInput Graph::input() const { return plan_->input; }
int64_t Graph::vocabulary() const { return plan_->vocabulary; }
bool Graph::looks_ahead() const { return plan_->looks_ahead; }
bool Graph::causal() const { return plan_->causal; }
bool Graph::stepwise() const { return plan_->stepwise; }

std::vector<NodeSummary> Graph::nodes() const {
  std::vector<NodeSummary> nodes;
  for (const graph::Value& value : plan_->values) {
    nodes.push_back({value.name, value.kind, std::string(row_name(*plan_, value)), value.width});
  }
  return nodes;
}

int64_t Graph::bytes() const {
  int64_t total = 0;
  for (const graph::Step& step : plan_->steps) total += step.layer->bytes();
  return total;
}

std::shared_ptr<const PositionalEncoding> Graph::encoding(const std::string& name) const {
  const auto found = plan_->encodings.by_name.find(name);
  if (found == plan_->encodings.by_name.end()) {
    throw Error("graph", "an encoding of its table", "'" + name + "'");
  }
  return found->second;
}

}  // namespace locus
