// How a batch becomes rows.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/memory_limit.hpp"
#include "engine/session/sequence_rows.hpp"
#include "engine/session/session_state.hpp"

namespace locus {

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
  for (const float position : sequence.positions) {
    if (!std::isfinite(position))
      throw Error("batch", "finite positions", std::to_string(position));
  }
  if (total > graph->max_length()) {
    throw Error("batch", "at most " + std::to_string(graph->max_length()) + " positions",
                std::to_string(total));
  }
}

void Session::State::append(session::Rows& rows, const Counted& part, int64_t index) const {
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

void Session::State::fill(session::Rows& rows, std::span<const Sequence> batch, bool cached) {
  if (batch.empty()) throw Error("batch", "at least one sequence", "none");
  if (!cached) rows.positions.clear();
  rows.clear();
  rows.past.assign(batch.size(), 0);
  rows.positions.resize(batch.size());
  if (cached) rows.past = lengths;
  const GraphInput input = &rows == &main ? plan.input : GraphInput{};
  const std::string unit = input.kind == GraphInput::Kind::ids ? "id" : "row";
  int64_t all = 0;
  for (const Sequence& sequence : batch) {
    all += std::ssize(sequence.ids);
    if (input.width > 0) all += std::ssize(sequence.features) / input.width;
  }
  expect_memory(&rows == &main
                    ? ManyRows{graph::Stage::main, layers::RowKind::tokens, all}
                    : ManyRows{graph::Stage::decoder, layers::RowKind::decoder_tokens, all});
  for (size_t index = 0; index < batch.size(); ++index) {
    rows.positions[index].resize(rows.positions[index].empty() ? 0 : rows.past[index]);
    const Counted part{batch[index], session::count_rows(batch[index], input)};
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

void Session::State::expect_memory(const ManyRows& rows) const {
  std::vector<int64_t> needed(buffers.size());  // values
  for (size_t index = 0; index < plan.values.size(); ++index) {
    const graph::Value& value = plan.values[index];
    if (value.rows != rows.kind || value.stage != rows.stage || value.stream > 0) continue;
    int64_t& slot = needed[trace ? index : value.slot];
    slot = std::max(slot, rows.count * value.width);
  }
  int64_t more = 0;
  for (size_t slot = 0; slot < needed.size(); ++slot) {
    more += std::max<int64_t>(0, needed[slot] - buffers[slot].count());
  }
  constexpr int64_t always_there = int64_t{1} << 24;  // values: most runs ask for no more
  if (more <= always_there) return;
  const int64_t all = bytes() + more * int64_t{sizeof(float)}, limit = memory_limit();
  if (all <= limit) return;
  throw Error(
      "batch", "rows that " + std::to_string(limit >> 20) + " MiB of memory hold",
      std::to_string(rows.count) + ", which take " + std::to_string(all >> 20) + " MiB or more");
}

void Session::State::lay_out_streams() {
  for (size_t index = 1; index < plan.streams.size(); ++index) {
    const graph::Stream& stream = plan.streams[index];
    session::Rows& rows = streams[index - 1];
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

}  // namespace locus
