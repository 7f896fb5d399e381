// What a graph compiles to.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/graph.hpp"
#include "engine/graph/encodings.hpp"
#include "engine/layers/layer.hpp"

namespace locus::graph {

/// Parts of a graph that run at different times. The tail is what stands between the last attention
/// and the head: a row of it needs no other row, so that only rows that somebody asks for are
/// computed.
enum class Stage { main, decoder, tail, head };

/// Rows that layers work on: those of the batch, or those that a node laid out anew.
struct Stream {
  std::string name;  // of its rows: what they are, or the first node that lays them out so
  int parent = 0;
  layers::Layout rows = {};
  int64_t max_length = PositionalEncoding::unlimited;  // of a sequence, as encodings represent it
};

/// The output of a node.
struct Value {
  std::string name;
  std::string kind;
  int64_t width = 0;
  layers::RowKind rows = layers::RowKind::tokens;
  int stream = 0;  // that its rows are of, where they are tokens
  Stage stage = Stage::main;
  int slot = 0;  // the buffer that it lies in
};

/// A layer and the values that it reads and writes.
struct Step {
  std::unique_ptr<layers::Layer> layer;
  std::vector<int> inputs;
  std::vector<int> outputs;
  Stage stage = Stage::main;
  int stream = 0;  // whose rows the layer is given
};

}  // namespace locus::graph

namespace locus {

struct Graph::Plan {
  GraphSpec spec;
  GraphOptions options;
  graph::Encodings encodings;
  std::vector<graph::Stream> streams;  // the batch's own rows first
  std::vector<graph::Value> values;
  std::vector<graph::Step> steps;      // by stage, then in order of computation
  std::map<std::string, int> outputs;  // names of GraphSpec::outputs -> values
  std::vector<int> tail_inputs;        // values of earlier stages that the tail reads
  int slots = 0;
  int attention_nodes = 0;
  int64_t memory_rows = 0;  // keys that stand before a sequence, at most
  layers::RowKind head_rows =
      layers::RowKind::tokens;  // what the rows asked of the head are rows of
  bool has_decoder = false;
  bool looks_ahead = false;
  bool causal = false;
  bool stepwise = false;
  GraphInput input;
  int64_t vocabulary = 0;
  int64_t parameters = 0;
  std::vector<std::string> used;
};

}  // namespace locus

namespace locus::graph {

/// From a spec and its weights to a plan. Throws Error that names the node.
std::unique_ptr<const Graph::Plan> compile(GraphSpec spec, const Weights& weights,
                                           const GraphOptions& options);

/// Moves steps to the tail that work by rows and that nothing but the head reads, directly or
/// through others, and notes what they read. Steps are in the order of their nodes.
void find_tail(Graph::Plan& plan);

/// Whether some node of the stage that decodes looks at rows that come later.
bool looks_ahead(const Graph::Plan& plan);

/// Whether rows can be appended to sequences: the stage that decodes attends and never looks ahead.
bool is_causal(const Graph::Plan& plan);

/// Whether rows that are appended in parts become what they are all at once: no encoding and no
/// visibility depends on how many there are so far.
bool is_stepwise(const Graph::Plan& plan);

/// Throws Error where the task, the width or the context that a graph states contradicts its nodes
/// or another.
void check_statements(const Graph::Plan& plan);

/// Gives every value a buffer, so that values that live at different times share one. Outputs of
/// the graph and values that a later stage reads keep theirs.
int assign_slots(std::vector<Value>& values, const std::vector<Step>& steps,
                 const std::map<std::string, int>& outputs);

}  // namespace locus::graph
