#include "engine/session/session_state.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/error.hpp"

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

void Session::State::encode(std::span<const Sequence> batch) {
  restart();
  has_results = false;
  decoder.clear();
  try {
    fill(main, batch, false);
    run_stage(graph::Stage::main, false);
    last = &main;
    trace_head();
  } catch (...) {
    main.clear();  // no source for a decoder
    throw;
  }
  has_results = true;
}

void Session::State::decode(session::Rows& rows, std::span<const Sequence> batch) {
  const bool first = lengths.empty();
  const graph::Stage stage = plan.has_decoder ? graph::Stage::decoder : graph::Stage::main;
  has_results = false;
  forget_results(stage);
  try {
    begin_decoding(rows, batch.size());
    fill(rows, batch, true);
    run_stage(stage, true);
    last = &rows;
    trace_head();
  } catch (...) {
    if (first) lengths.clear();  // the next run may bring another number of sequences
    throw;
  }
  for (size_t index = 0; index < lengths.size(); ++index) lengths[index] = rows.total(index);
  has_results = true;
}

void Session::State::expect_results() const {
  if (!has_results) throw Error("session", "a run that ended well", "none");
}

void Session::State::forget_results(graph::Stage first) {
  for (size_t value = 0; value < computed.size(); ++value) {
    if (plan.values[value].stage >= first) computed[value] = 0;
  }
}

void Session::State::begin_decoding(session::Rows& rows, size_t sequences) {
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

void Session::State::restart() {
  lengths.clear();
  std::ranges::fill(computed, 0);
  for (session::KeyValueCache& cache : caches) cache.memory_ready = false;
}

void Session::State::reorder(std::span<const int64_t> parents) {
  session::Rows& rows = plan.has_decoder ? decoder : main;
  const auto known = static_cast<int64_t>(lengths.size());
  if (parents.empty()) throw Error("reorder", "at least one parent", "none");
  for (int64_t parent : parents) {
    const bool begins = parent == -1 && !plan.has_decoder;  // what it attends to is not known
    if (!begins && (parent < 0 || parent >= known)) {
      throw Error("reorder", "parents below " + std::to_string(known), std::to_string(parent));
    }
  }
  const auto children = [&](const auto& values) {
    std::decay_t<decltype(values)> next(parents.size());
    for (size_t child = 0; child < parents.size(); ++child) {
      if (parents[child] >= 0) next[child] = values[parents[child]];
    }
    return next;
  };
  // All of it is there before any of it changes: memory may run out.
  std::vector<session::KeyValueCache::Children> cached;
  for (const session::KeyValueCache& cache : caches) {
    cached.push_back(cache.children(parents, lengths));
  }
  auto next_lengths = children(lengths);
  auto next_positions = children(rows.positions);
  auto next_source = children(rows.source);
  for (size_t index = 0; index < caches.size(); ++index) {
    caches[index].become(std::move(cached[index]));
  }
  lengths = std::move(next_lengths);
  rows.positions = std::move(next_positions);
  rows.source = std::move(next_source);
}

int64_t Session::State::rows_of(const graph::Value& value) const {
  switch (compact(value) ? layers::RowKind::requested : value.rows) {
    case layers::RowKind::tokens:
      return rows_of(value.stream).count();
    case layers::RowKind::decoder_tokens:
      return decoder.count();
    case layers::RowKind::sequences:
      return main.sequences();
    case layers::RowKind::requested:
      return static_cast<int64_t>(requested.size());
  }
  return 0;
}

bool Session::State::compact(const graph::Value& value) const {
  return value.stage == graph::Stage::tail && tail == TailRows::requested;
}

View Session::State::view(size_t value) {
  const graph::Value& described = plan.values[value];
  const int64_t rows = rows_of(described);
  Tensor& buffer = buffers[trace ? value : described.slot];
  if (buffer.count() < rows * described.width) buffer = Tensor(Shape{rows * described.width});
  return View(buffer.data(), {rows, described.width});
}

ConstView Session::State::view(size_t value) const {
  const graph::Value& described = plan.values[value];
  const Tensor& buffer = buffers[trace ? value : described.slot];
  return ConstView(buffer.data(), {rows_of(described), described.width});
}

View Session::State::input(int value, graph::Stage stage) {
  const auto found = std::ranges::find(plan.tail_inputs, value);
  const bool gathered = stage == graph::Stage::tail && tail == TailRows::requested;
  if (!gathered || found == plan.tail_inputs.end()) return view(value);
  Tensor& rows = tail_rows[found - plan.tail_inputs.begin()];
  return View(rows.data(), {static_cast<int64_t>(requested.size()), plan.values[value].width});
}

void Session::State::run_step(const graph::Step& step, layers::Run& run) {
  std::array<ConstView, layers::max_inputs> inputs;
  std::array<View, 2> outputs;
  for (size_t index = 0; index < step.outputs.size(); ++index)
    outputs[index] = view(step.outputs[index]);
  for (size_t index = 0; index < step.inputs.size(); ++index)
    inputs[index] = input(step.inputs[index], step.stage);
  const auto start = std::chrono::steady_clock::now();
  step.layer->run({inputs.data(), step.inputs.size()}, {outputs.data(), step.outputs.size()}, run);
  if (node_observer) {
    const graph::Value& value = plan.values[step.outputs.back()];
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    node_observer({value.name, value.kind, time.count()});
  }
  for (int output : step.outputs) computed[output] = 1;
}

void Session::State::run_stage(graph::Stage stage, bool caching) {
  if (stage < graph::Stage::tail) tail = TailRows::none;
  const bool decoding =
      stage == graph::Stage::decoder ||
      (stage >= graph::Stage::tail && plan.head_rows == layers::RowKind::decoder_tokens);
  if (stage >= graph::Stage::tail) forget_results(stage);  // a run that fails leaves half of them
  for (const graph::Step& step : plan.steps) {
    if (step.stage != stage) continue;
    const session::Rows& rows = decoding ? decoder : rows_of(step.stream);
    const bool in_place = stage == graph::Stage::head && compact(plan.values[step.inputs[0]]);
    layers::Run run{rows,   main,    in_place ? in_order : requested,
                    team,   shared,  scratch,
                    caches, caching, observer};
    run_step(step, run);
  }
}

bool Session::State::can_give(int value) const {
  if (plan.values[value].stage != graph::Stage::tail) return computed[value];
  return std::ranges::all_of(plan.tail_inputs, [&](int input) { return computed[input]; });
}

void Session::State::finish_tail() {
  if (tail == TailRows::all) return;
  tail = TailRows::none;
  run_stage(graph::Stage::tail, false);
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
  const int64_t count =
      plan.head_rows == layers::RowKind::decoder_tokens ? decoder.count() : main.count();
  for (int64_t row : rows) {
    if (row < 0 || row >= count) {
      throw Error("logits", "rows below " + std::to_string(count), std::to_string(row));
    }
  }
  requested.assign(rows.begin(), rows.end());
  if (tail != TailRows::all) {
    gather_tail_inputs();
    run_stage(graph::Stage::tail, false);
  }
  expect_memory({graph::Stage::head, layers::RowKind::requested, std::ssize(requested)});
  run_stage(graph::Stage::head, false);
}

void Session::State::trace_head() {
  const bool ran = last == (plan.head_rows == layers::RowKind::decoder_tokens ? &decoder : &main);
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
  for (const session::KeyValueCache& cache : caches) total += cache.bytes();
  return total;
}

}  // namespace locus
