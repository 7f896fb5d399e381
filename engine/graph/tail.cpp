#include <algorithm>

#include "engine/graph/plan.hpp"

namespace locus::graph {
namespace {

bool leads_to_head(const Graph::Plan& plan, const Step& step) {
  bool read = false;
  for (const Step& reader : plan.steps) {
    const bool reads = std::ranges::any_of(reader.inputs, [&](int input) {
      return std::ranges::find(step.outputs, input) != step.outputs.end();
    });
    if (reads && reader.stage < Stage::tail) return false;
    read = read || reads;
  }
  return read;
}

void note_tail_inputs(Graph::Plan& plan) {
  for (const Step& step : plan.steps) {
    if (step.stage != Stage::tail) continue;
    for (const int input : step.inputs) {
      const bool known = std::ranges::find(plan.tail_inputs, input) != plan.tail_inputs.end();
      const bool earlier = plan.values[input].stage < Stage::tail;
      if (earlier && !known) plan.tail_inputs.push_back(input);
    }
  }
}

}  // namespace

void find_tail(Graph::Plan& plan) {
  const Stage before =
      plan.head_rows == layers::RowKind::decoder_tokens ? Stage::decoder : Stage::main;
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    if (step->stage != before || step->stream != 0) continue;
    if (!step->layer->by_row() || !leads_to_head(plan, *step)) continue;
    step->stage = Stage::tail;
    for (const int output : step->outputs) plan.values[output].stage = Stage::tail;
  }
  note_tail_inputs(plan);
}

}  // namespace locus::graph
