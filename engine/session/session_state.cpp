#include "engine/session/session_state.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "engine/session/sequence_rows.hpp"

namespace locus {

Session::State::State(std::shared_ptr<const Graph> shared_graph, const SessionOptions& options)
    : graph(std::move(shared_graph)),
      plan(*graph->plan_),
      trace(options.trace),
      team(options.threads == 0 ? physical_cores() : options.threads),
      last(&main),
      buffers(options.trace ? plan.values.size() : static_cast<size_t>(plan.slots)),
      computed(plan.values.size(), 0),
      tail_rows(plan.tail_inputs.size()),
      scratch(team.size()),
      caches(plan.attention_nodes) {
  streams.resize(plan.streams.size() - 1);
}

void Session::State::check(const Counted& part, int64_t total) const {
  const auto rows = static_cast<size_t>(part.rows);
  const Sequence& sequence = part.sequence;
  if (!sequence.type_ids.empty() && sequence.type_ids.size() != rows) {
    throw Error("batch", std::to_string(rows) + " type ids",
                std::to_string(sequence.type_ids.size()));
  }
  if (!sequence.positions.empty() && sequence.positions.size() != rows) {
    throw Error("batch", std::to_string(rows) + " positions",
                std::to_string(sequence.positions.size()));
  }
  if (total > graph->max_length()) {
    throw Error("batch", "at most " + std::to_string(graph->max_length()) + " positions",
                std::to_string(total));
  }
}

void Session::State::append(Rows& rows, const Counted& part, int64_t index) const {
  const Sequence& sequence = part.sequence;
  rows.ids.insert(rows.ids.end(), sequence.ids.begin(), sequence.ids.end());
  rows.type_ids.insert(rows.type_ids.end(), sequence.type_ids.begin(), sequence.type_ids.end());
  rows.type_ids.resize(rows.ids.size(), 0);
  rows.features.insert(rows.features.end(), sequence.features.begin(), sequence.features.end());
  rows.maps.push_back(sequence.map);
  rows.offsets.push_back(rows.offsets.back() + part.rows);
  std::vector<float>& positions = rows.positions[index];
  if (positions.empty() && sequence.positions.empty()) return;
  if (positions.empty()) {  // rows before these were consecutive
    positions.resize(rows.past[index]);
    std::iota(positions.begin(), positions.end(), 0.0f);
  }
  positions.insert(positions.end(), sequence.positions.begin(), sequence.positions.end());
  const auto total = static_cast<size_t>(rows.past[index] + part.rows);
  while (positions.size() < total) positions.push_back(positions.back() + 1);
}

void Session::State::fill(Rows& rows, std::span<const Sequence> batch, bool cached) {
  if (batch.empty()) throw Error("batch", "at least one sequence", "none");
  if (!cached) rows.positions.clear();
  rows.clear();
  rows.past.assign(batch.size(), 0);
  rows.positions.resize(batch.size());
  if (cached) rows.past = lengths;
  const GraphInput input = &rows == &main ? plan.input : GraphInput{};
  const std::string unit = input.kind == GraphInput::Kind::ids ? "id" : "row";
  for (size_t index = 0; index < batch.size(); ++index) {
    rows.positions[index].resize(rows.positions[index].empty() ? 0 : rows.past[index]);
    const Counted part{batch[index], count_rows(batch[index], input)};
    if (part.rows == 0 && !cached) {
      throw Error("batch", "sequences of at least one " + unit,
                  "an empty sequence at " + std::to_string(index));
    }
    check(part, rows.past[index] + part.rows);
    append(rows, part, static_cast<int64_t>(index));
  }
  if (rows.count() == 0) throw Error("batch", "at least one " + unit, "none");
  if (&rows == &main) lay_out_streams();
}

void Session::State::lay_out_streams() {
  for (size_t index = 1; index < plan.streams.size(); ++index) {
    const Stream& stream = plan.streams[index];
    Rows& rows = streams[index - 1];
    rows.clear();
    stream.rows.lay_out(rows_of(stream.parent), rows);
    rows.past.assign(rows.sequences(), 0);
    rows.positions.resize(rows.sequences());
    rows.axes = stream.rows.axes;
    for (int64_t sequence = 0; sequence < rows.sequences(); ++sequence) {
      if (rows.length(sequence) <= stream.max_length) continue;
      throw Error(stream.name, "at most " + std::to_string(stream.max_length) + " positions",
                  std::to_string(rows.length(sequence)));
    }
  }
}

void Session::State::begin_decoding(Rows& rows, size_t sequences) {
  if (lengths.empty()) {
    if (plan.has_decoder && static_cast<int64_t>(sequences) != main.sequences()) {
      throw Error("decode", std::to_string(main.sequences()) + " sequences, as encoded",
                  std::to_string(sequences));
    }
    rows.positions.clear();
    lengths.assign(sequences, 0);
    rows.source.resize(sequences);
    std::iota(rows.source.begin(), rows.source.end(), 0);
  }
  if (lengths.size() != sequences) {
    throw Error("decode", std::to_string(lengths.size()) + " sequences, as before",
                std::to_string(sequences));
  }
}

void Session::State::advance(const Rows& rows) {
  for (size_t index = 0; index < lengths.size(); ++index) lengths[index] = rows.total(index);
}

void Session::State::restart() {
  lengths.clear();
  std::ranges::fill(computed, 0);
  for (KeyValueCache& cache : caches) cache.memory_ready = false;
}

void Session::State::reorder(std::span<const int64_t> parents) {
  Rows& rows = plan.has_decoder ? decoder : main;
  const auto known = static_cast<int64_t>(lengths.size());
  if (parents.empty()) throw Error("reorder", "at least one parent", "none");
  for (int64_t parent : parents) {
    if (parent < 0 || parent >= known) {
      throw Error("reorder", "parents below " + std::to_string(known), std::to_string(parent));
    }
  }
  for (KeyValueCache& cache : caches) cache.reorder(parents, lengths);
  const auto follow = [&](auto& values) {
    auto next = values;
    next.resize(parents.size());
    for (size_t child = 0; child < parents.size(); ++child) next[child] = values[parents[child]];
    values = std::move(next);
  };
  follow(lengths);
  follow(rows.positions);
  follow(rows.source);
}

int64_t Session::State::rows_of(const Value& value) const {
  switch (compact(value) ? RowKind::requested : value.rows) {
    case RowKind::tokens:
      return rows_of(value.stream).count();
    case RowKind::decoder_tokens:
      return decoder.count();
    case RowKind::sequences:
      return main.sequences();
    case RowKind::requested:
      return static_cast<int64_t>(requested.size());
  }
  return 0;
}

bool Session::State::compact(const Value& value) const {
  return value.stage == Stage::tail && tail == TailRows::requested;
}

View Session::State::view(size_t value) {
  const Value& described = plan.values[value];
  const int64_t rows = rows_of(described);
  Tensor& buffer = buffers[trace ? value : described.slot];
  if (buffer.count() < rows * described.width) buffer = Tensor(Shape{rows * described.width});
  return View(buffer.data(), {rows, described.width});
}

ConstView Session::State::view(size_t value) const {
  const Value& described = plan.values[value];
  const Tensor& buffer = buffers[trace ? value : described.slot];
  return ConstView(buffer.data(), {rows_of(described), described.width});
}

View Session::State::input(int value, Stage stage) {
  const auto found = std::ranges::find(plan.tail_inputs, value);
  const bool gathered = stage == Stage::tail && tail == TailRows::requested;
  if (!gathered || found == plan.tail_inputs.end()) return view(value);
  Tensor& rows = tail_rows[found - plan.tail_inputs.begin()];
  return View(rows.data(), {static_cast<int64_t>(requested.size()), plan.values[value].width});
}

void Session::State::run_step(const Step& step, Run& run) {
  std::array<ConstView, most_inputs> inputs;
  std::array<View, 2> outputs;
  for (size_t index = 0; index < step.outputs.size(); ++index)
    outputs[index] = view(step.outputs[index]);
  for (size_t index = 0; index < step.inputs.size(); ++index)
    inputs[index] = input(step.inputs[index], step.stage);
  step.layer->run({inputs.data(), step.inputs.size()}, {outputs.data(), step.outputs.size()}, run);
  for (int output : step.outputs) computed[output] = 1;
}

void Session::State::run_stage(Stage stage, bool caching) {
  if (stage < Stage::tail) tail = TailRows::none;
  const bool decoding = stage == Stage::decoder ||
                        (stage >= Stage::tail && plan.head_rows == RowKind::decoder_tokens);
  for (const Step& step : plan.steps) {
    if (step.stage != stage) continue;
    const Rows& rows = decoding ? decoder : rows_of(step.stream);
    const bool in_place = stage == Stage::head && compact(plan.values[step.inputs[0]]);
    Run run{rows,    main,    in_place ? in_order : requested, team, shared, scratch, caches,
            caching, observer};
    run_step(step, run);
  }
}

bool Session::State::can_give(int value) const {
  if (plan.values[value].stage != Stage::tail) return computed[value];
  return std::ranges::all_of(plan.tail_inputs, [&](int input) { return computed[input]; });
}

void Session::State::finish_tail() {
  if (tail == TailRows::all) return;
  tail = TailRows::none;
  run_stage(Stage::tail, false);
  tail = TailRows::all;
}

void Session::State::gather_tail_inputs() {
  tail = TailRows::requested;
  const auto count = static_cast<int64_t>(requested.size());
  in_order.resize(requested.size());
  std::iota(in_order.begin(), in_order.end(), 0);
  for (size_t index = 0; index < tail_rows.size(); ++index) {
    const View all = view(plan.tail_inputs[index]);
    Tensor& rows = tail_rows[index];
    if (rows.count() < count * all.size(1)) rows = Tensor(Shape{count * all.size(1)});
    const View chosen(rows.data(), {count, all.size(1)});
    for (int64_t row = 0; row < count; ++row) {
      std::ranges::copy(all.row(requested[row]), chosen.row(row).data());
    }
  }
}

void Session::State::run_head(std::span<const int64_t> rows) {
  const int64_t count = plan.head_rows == RowKind::decoder_tokens ? decoder.count() : main.count();
  for (int64_t row : rows) {
    if (row < 0 || row >= count) {
      throw Error("logits", "rows below " + std::to_string(count), std::to_string(row));
    }
  }
  requested.assign(rows.begin(), rows.end());
  if (tail != TailRows::all) {
    gather_tail_inputs();
    run_stage(Stage::tail, false);
  }
  run_stage(Stage::head, false);
}

void Session::State::trace_head() {
  const bool ran = last == (plan.head_rows == RowKind::decoder_tokens ? &decoder : &main);
  if (!trace || !ran) return;
  finish_tail();
  std::vector<int64_t> all(last->count());
  std::iota(all.begin(), all.end(), 0);
  run_head(all);
}

int64_t Session::State::bytes() const {
  int64_t total = shared.bytes();
  for (const Scratch& worker : scratch) total += worker.bytes();
  for (const auto* tensors : {&buffers, &tail_rows}) {
    for (const Tensor& buffer : *tensors) total += buffer.count() * int64_t{sizeof(float)};
  }
  for (const KeyValueCache& cache : caches) total += cache.bytes();
  return total;
}

}  // namespace locus
