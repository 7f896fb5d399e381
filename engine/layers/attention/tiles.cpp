#include "engine/layers/attention/tiles.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.hpp"

namespace locus::layers {
namespace {

constexpr int64_t block = 64;       // queries in a tile, Bq
constexpr int64_t min_queries = 8;  // that packing keys is worth its while for

int64_t blocks(int64_t rows) { return (rows + block - 1) / block; }

int64_t size(Range range) { return range.end - range.begin; }

/// `range` but for keys at an end of the sequence.
Range without(Range range, Range keys) {
  if (size(keys) == 0) return range;
  if (keys.begin == 0) return {std::max(range.begin, keys.end), std::max(range.end, keys.end)};
  return {std::min(range.begin, keys.begin), std::min(range.end, keys.begin)};
}

// Scores [Bq, Tk] whose rows are an odd number of cache lines apart: those of a column, which terms
// by key are added to, would otherwise share few places in the cache.
View scores(int64_t queries, int64_t keys, Scratch& scratch) {
  constexpr int64_t line = 16;  // values
  return scratch.matrix(queries, ((keys + line - 1) / line | 1) * line).slice(1, 0, keys);
}

View as_head(View matrix) {
  return View(matrix.data, {1, matrix.size(0), matrix.size(1)}, {0, matrix.stride(0), 1});
}
ConstView as_head(ConstView matrix) {
  return ConstView(matrix.data, {1, matrix.size(0), matrix.size(1)}, {0, matrix.stride(0), 1});
}

}  // namespace

void AttentionTiles::attend(ConstView queries, View context,
                            const std::function<KeysAndValues(int64_t)>& memory,
                            const QueryRows& chosen) const {
  const session::Rows& rows = run_.rows;
  const int64_t d = heads_.size();
  std::vector<int64_t> first{0};  // index of each sequence's first tile
  std::vector<Range> ranges;
  std::vector<PackedHeads> memories;
  const Scratch::Frame frame(run_.shared);
  for (int64_t sequence = 0; sequence < rows.sequences(); ++sequence) {
    ranges.push_back(chosen ? chosen(sequence) : Range{0, rows.length(sequence)});
    first.push_back(first.back() + blocks(size(ranges.back())) * heads_.count());
    memories.emplace_back(heads_, rules_.products, memory(sequence), readers(ranges.back()),
                          run_.shared);
  }
  pack(memories);
  run_.team.parallel(first.back(), [&](int64_t index, int worker) {
    const int64_t sequence =
        std::upper_bound(first.begin(), first.end(), index) - first.begin() - 1;
    const int64_t count = blocks(size(ranges[sequence]));
    const int64_t begin = ranges[sequence].begin + (index - first[sequence]) % count * block;
    const Tile tile{sequence, (index - first[sequence]) / count, begin,
                    std::min(ranges[sequence].end, begin + block)};
    const int64_t offset = rows.offsets[sequence];
    const auto part = [&](auto matrix) {
      return matrix.slice(0, offset + tile.begin, offset + tile.end)
          .slice(1, tile.head * d, (tile.head + 1) * d);
    };
    compute(tile, part(queries), part(context), memories[sequence], run_.scratch[worker]);
  });
}

// Tiles that read a key head. Few queries, as in decoding, meet keys where they lie.
int64_t AttentionTiles::readers(Range queries) const {
  return size(queries) < min_queries ? 1
                                     : blocks(size(queries)) * heads_.count() / heads_.kv_heads();
}

void AttentionTiles::pack(std::span<PackedHeads> memories) const {
  std::vector<std::pair<PackedHeads*, int64_t>> parts;
  for (PackedHeads& memory : memories) {
    for (int64_t part = 0; part < memory.parts(); ++part) parts.emplace_back(&memory, part);
  }
  if (parts.empty()) return;
  run_.team.parallel(static_cast<int64_t>(parts.size()), [&](int64_t index, int) {
    const auto& [memory, part] = parts[index];
    memory->pack(part);
  });
}

Range AttentionTiles::window(const Tile& tile, const KeyRows& rows, Range everywhere) const {
  Range all = rules_.visibility.keys(rows.first + tile.begin, rows);
  for (int64_t query = tile.begin + 1; query < tile.end; ++query) {
    const Range range = rules_.visibility.keys(rows.first + query, rows);
    all = {std::min(all.begin, range.begin), std::max(all.end, range.end)};
  }
  return without(all, everywhere);
}

void AttentionTiles::compute(const Tile& tile, ConstView q, View y, const PackedHeads& packed,
                             Scratch& scratch) const {
  const Scratch::Frame frame(scratch);
  const KeysAndValues& memory = packed.memory();
  const KeyRows rows{memory.keys.size(0), memory.memory_rows + run_.rows.past[tile.sequence]};
  const TileKeys keys{memory.everywhere, window(tile, rows, memory.everywhere)};
  const int64_t first = size(keys.everywhere);
  const View s = scores(q.size(0), first + size(keys.window), scratch);
  const auto for_parts = [&](const auto& visit) {
    if (first > 0) visit(part_of(tile, packed, keys.everywhere, s.slice(1, 0, first)));
    visit(part_of(tile, packed, keys.window, s.slice(1, first, s.size(1))));
  };
  const auto block_of = [&](const Part& part) {
    return Block{run_.rows.new_positions(tile.sequence, tile.begin, tile.end),
                 part.positions,
                 tile.head,
                 run_.rows.total(tile.sequence),
                 heads_.scale(),
                 scratch,
                 &part.k};
  };
  // A step takes as long as there are keys, of which there may be a million.
  const auto go_on = [&] {
    if (run_.team.cancelled()) throw Error::cancellation();
  };
  for_parts([&](const Part& part) {
    go_on();
    rules_.products.multiply_transposed(q, part.k, part.s);
    go_on();
    rules_.encoding.score(as_head(part.s), as_head(q), as_head(part.k.values), block_of(part));
    add_types(part, tile, q);
  });
  if (rules_.soft_cap > 0) ops::soft_cap(s, rules_.soft_cap);
  go_on();
  normalise(s, tile, rows, keys);
  go_on();
  bool empty = true;
  for_parts([&](const Part& part) {
    if (run_.observer) {
      run_.observer({name_, tile.sequence, tile.head, tile.begin, part.first_key, part.s});
    }
    std::exchange(empty, false) ? rules_.products.multiply(part.s, part.v, y)
                                : rules_.products.add_multiply(part.s, part.v, y);
    rules_.encoding.mix(as_head(y), as_head(ConstView(part.s)), block_of(part));
  });
}

void AttentionTiles::add_types(const Part& part, const Tile& tile, ConstView q) const {
  if (!rules_.types.any()) return;
  const auto types = std::span(run_.rows.type_ids).subspan(run_.rows.offsets[tile.sequence]);
  rules_.types.add(
      part.s, q, tile.head,
      {types.subspan(tile.begin, q.size(0)), types.subspan(part.first_key, part.k.values.size(0))});
}

AttentionTiles::Part AttentionTiles::part_of(const Tile& tile, const PackedHeads& packed,
                                             Range keys, View s) const {
  const int64_t head = heads_.key_head(tile.head);
  const KeysAndValues& memory = packed.memory();
  return {s, packed.keys(head).slice(keys.begin, keys.end),
          packed.values(head).slice(keys.begin, keys.end),
          memory.positions.slice(keys.begin, keys.end), keys.begin - memory.memory_rows};
}

void AttentionTiles::normalise(View s, const Tile& tile, const KeyRows& rows,
                               const TileKeys& keys) const {
  const int64_t seen_first = size(keys.everywhere);
  for (int64_t row = 0; row < s.size(0); ++row) {
    const Range all = rules_.visibility.keys(rows.first + tile.begin + row, rows);
    const Range seen = without(all, keys.everywhere);
    const int64_t begin = seen.begin - keys.window.begin, end = seen.end - keys.window.begin;
    if (seen_first == 0) {
      ops::softmax(s.row(row), {begin, end});
      continue;
    }
    std::fill_n(s.row(row).data() + seen_first, begin, -std::numeric_limits<float>::infinity());
    ops::softmax(s.row(row), {0, seen_first + end});
  }
}

}  // namespace locus::layers
