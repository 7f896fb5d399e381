#include "engine/layers/attention/global_rows.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace locus::layers {

GlobalRows::GlobalRows(const NodeReader& reader, const Heads& heads)
    : name_(reader.name()),
      which_(which(reader)),
      id_(reader.integer("global_id", -1)),
      visibility_(visible_all()),
      query_width_(heads.query_width()),
      key_width_(heads.key_width()) {
  if (!any()) return;
  if ((which_ == Which::first) != (id_ < 0)) {
    throw Error(name_, "a global_id where global is before or after, and there alone",
                std::to_string(id_));
  }
  query_ = heads.pack_query(reader, "global_");
  memory_ = heads.pack_memory(reader, 0, "global_");
}

GlobalRows::Which GlobalRows::which(const NodeReader& reader) {
  const std::string text = reader.text("global", "none");
  if (text == "none") return Which::none;
  if (text == "first") return Which::first;
  if (text == "before") return Which::before;
  if (text == "after") return Which::after;
  throw Error(reader.name(), "global rows none, first, before or after", "'" + text + "'");
}

int64_t GlobalRows::place(std::span<const int32_t> ids) const {
  const auto found = std::ranges::find(ids, id_);
  if (found != ids.end()) return found - ids.begin();
  throw Error(name_, "the id " + std::to_string(id_) + " in every text", "none");
}

Range GlobalRows::of(int64_t sequence, const Run& run) const {
  const int64_t rows = run.rows.length(sequence);
  if (!any() || rows == 0) return {};
  if (which_ == Which::first) return {0, 1};
  const int64_t place =
      this->place(std::span(run.rows.ids).subspan(run.rows.offsets[sequence], rows));
  if (which_ == Which::before) return {0, place};
  return {std::min(rows, place + 2), rows};
}

Range GlobalRows::others(int64_t sequence, const Run& run) const {
  const Range global = of(sequence, run);
  const int64_t rows = run.rows.length(sequence);
  if (global.begin == global.end) return {0, rows};
  return global.begin == 0 ? Range{global.end, rows} : Range{0, global.begin};
}

GlobalRows::Projected GlobalRows::project(ConstView x, Run& run) const {
  const View queries = run.shared.matrix(x.size(0), query_width_),
             memory = run.shared.matrix(x.size(0), 2 * key_width_);
  for (int64_t sequence = 0; sequence < run.rows.sequences(); ++sequence) {
    const Range global = of(sequence, run);
    if (global.begin == global.end) continue;
    const int64_t first = run.rows.offsets[sequence], last = run.rows.offsets[sequence + 1];
    const auto chosen = [&](auto rows) {
      return rows.slice(0, first + global.begin, first + global.end);
    };
    query_->apply(chosen(x), chosen(queries), run.team);
    memory_->apply(x.slice(0, first, last), memory.slice(0, first, last), run.team);
  }
  return {queries, memory.slice(1, 0, key_width_), memory.slice(1, key_width_, 2 * key_width_)};
}

}  // namespace locus::layers
