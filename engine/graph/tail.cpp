#include "engine/graph/plan.hpp"

namespace locus::graph {
namespace {

/// Steps that read each value.
using Readers = std::vector<std::vector<const Step*>>;

Readers readers_of(const Graph::Plan& plan) {
  Readers readers(plan.values.size());
  for (const Step& step : plan.steps) {
    for (const int input : step.inputs) readers[input].push_back(&step);
  }
  return readers;
}

bool leads_to_head(const Readers& readers, const Step& step) {
  bool read = false;
  for (const int output : step.outputs) {
    for (const Step* reader : readers[output]) {
      if (reader->stage < Stage::tail) return false;
      read = true;
    }
  }
  return read;
}

void note_tail_inputs(Graph::Plan& plan) {
  std::vector<bool> known(plan.values.size());
  for (const Step& step : plan.steps) {
    if (step.stage != Stage::tail) continue;
    for (const int input : step.inputs) {
      const bool earlier = plan.values[input].stage < Stage::tail;
      if (earlier && !known[input]) plan.tail_inputs.push_back(input);
      if (earlier) known[input] = true;
    }
  }
}

}  // namespace

void find_tail(Graph::Plan& plan) {
  const Stage before =
      plan.head_rows == layers::RowKind::decoder_tokens ? Stage::decoder : Stage::main;
  const Readers readers = readers_of(plan);
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    if (step->stage != before || step->stream != 0) continue;
    if (!step->layer->by_row() || !leads_to_head(readers, *step)) continue;
    step->stage = Stage::tail;
    for (const int output : step->outputs) plan.values[output].stage = Stage::tail;
  }
  note_tail_inputs(plan);
}

}  // namespace locus::graph
