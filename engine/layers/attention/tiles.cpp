#include "engine/layers/attention/tiles.hpp"

#include <algorithm>

namespace locus::layers {
namespace {

constexpr int64_t block = 64;  // queries in a tile, Bq

int64_t blocks(int64_t rows) { return (rows + block - 1) / block; }

View as_head(View matrix) {
  return View(matrix.data, {1, matrix.size(0), matrix.size(1)}, {0, matrix.stride(0), 1});
}
ConstView as_head(ConstView matrix) {
  return ConstView(matrix.data, {1, matrix.size(0), matrix.size(1)}, {0, matrix.stride(0), 1});
}

}  // namespace

void AttentionTiles::attend(ConstView queries, View context,
                            const std::function<KeysAndValues(int64_t)>& memory) const {
  const session::Rows& rows = run_.rows;
  const int64_t d = heads_.size();
  std::vector<int64_t> first{0};  // index of each sequence's first tile
  std::vector<KeysAndValues> memories;
  for (int64_t sequence = 0; sequence < rows.sequences(); ++sequence) {
    first.push_back(first.back() + blocks(rows.length(sequence)) * heads_.count());
    memories.push_back(memory(sequence));
  }
  run_.team.parallel(first.back(), [&](int64_t index, int worker) {
    const int64_t sequence =
        std::upper_bound(first.begin(), first.end(), index) - first.begin() - 1;
    const int64_t count = blocks(rows.length(sequence));
    const int64_t begin = (index - first[sequence]) % count * block;
    const Tile tile{sequence, (index - first[sequence]) / count, begin,
                    std::min(rows.length(sequence), begin + block)};
    const int64_t offset = rows.offsets[sequence];
    const auto part = [&](auto matrix) {
      return matrix.slice(0, offset + tile.begin, offset + tile.end)
          .slice(1, tile.head * d, (tile.head + 1) * d);
    };
    compute(tile, part(queries), part(context), memories[sequence], run_.scratch[worker]);
  });
}

Range AttentionTiles::visible(const Tile& tile, const KeyRows& rows) const {
  Range all = rules_.visibility.keys(rows.first + tile.begin, rows);
  for (int64_t query = tile.begin + 1; query < tile.end; ++query) {
    const Range range = rules_.visibility.keys(rows.first + query, rows);
    all = {std::min(all.begin, range.begin), std::max(all.end, range.end)};
  }
  return all;
}

void AttentionTiles::compute(const Tile& tile, ConstView q, View y, const KeysAndValues& memory,
                             Scratch& scratch) const {
  const Scratch::Frame frame(scratch);
  const int64_t column = heads_.key_head(tile.head) * heads_.size();
  const KeyRows rows{memory.keys.size(0), memory.memory_rows + run_.rows.past[tile.sequence]};
  const Range range = visible(tile, rows);
  const auto part = [&](ConstView rows) {
    return rows.slice(0, range.begin, range.end).slice(1, column, column + heads_.size());
  };
  const ConstView k = part(memory.keys), v = part(memory.values);  // [Tk, d]
  const View s = scratch.matrix(q.size(0), k.size(0));             // [Bq, Tk]
  const Block block{run_.rows.new_positions(tile.sequence, tile.begin, tile.end),
                    memory.positions.slice(range.begin, range.end),
                    tile.head,
                    run_.rows.total(tile.sequence),
                    heads_.scale(),
                    scratch};
  ops::multiply_transposed(q, k, s);
  rules_.encoding.score(as_head(s), as_head(q), as_head(k), block);
  if (rules_.soft_cap > 0) ops::soft_cap(s, rules_.soft_cap);
  for (int64_t row = 0; row < s.size(0); ++row) {
    const Range seen = rules_.visibility.keys(rows.first + tile.begin + row, rows);
    ops::softmax(s.row(row), {seen.begin - range.begin, seen.end - range.begin});
  }
  const int64_t first_key = range.begin - memory.memory_rows;
  if (run_.observer) run_.observer({name_, tile.sequence, tile.head, tile.begin, first_key, s});
  ops::multiply(s, v, y);
  rules_.encoding.mix(as_head(y), as_head(ConstView(s)), block);
}

}  // namespace locus::layers
