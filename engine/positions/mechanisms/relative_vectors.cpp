#include "engine/positions/mechanisms/relative_vectors.hpp"

#include <algorithm>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

Range rows_between(int64_t first, int64_t last) { return {first, last + 1}; }

}  // namespace

RelativeVectors::Window RelativeVectors::window(const Block& block, int64_t rows) const {
  const auto query = run_start(block.queries);
  const auto key = run_start(block.keys);
  if (!query || !key) return {{0, rows}, std::nullopt};
  const int64_t nearest = *key - *query - (block.queries.count - 1);
  const int64_t farthest = *key - *query + block.keys.count - 1;
  const auto row = [&](int64_t distance) {
    return parts_.rows.row(parts_.name, static_cast<double>(distance));
  };
  return {rows_between(row(nearest), row(farthest)), nearest};
}

// The distances of a tile, with rows counted from the window's first.
std::vector<DistanceRows::Run> RelativeVectors::runs(const Block& block,
                                                     const Window& window) const {
  std::vector<DistanceRows::Run> result;
  parts_.rows.for_runs(*window.nearest, block.queries.count + block.keys.count - 1,
                       [&](DistanceRows::Run run) {
                         run.row -= window.rows.begin;
                         result.push_back(run);
                       });
  return result;
}

void RelativeVectors::score(View s, ConstView q, ConstView k, const Block& block) const {
  for (int64_t h = 0; h < s.size(0); ++h) {  // s [H, Tq, Tk]
    const int64_t head = block.first_head + h;
    if (!parts_.keys.empty()) score_queries(s[h], q[h], head, block);
    if (!parts_.queries.empty()) score_keys(s[h], k[h], head, block);
  }
}

void RelativeVectors::score_queries(View s, ConstView q, int64_t head, const Block& block) const {
  const Window near = window(block, parts_.keys.count());
  const Scratch::Frame frame(block.scratch);
  const View products = parts_.keys.products(q, head, near.rows, block.scratch);  // [Tq, R]
  if (near.nearest) return ops::add_by_distance(products, runs(block, near), s);
  for (int64_t i = 0; i < s.size(0); ++i) {
    for (int64_t j = 0; j < s.size(1); ++j) s(i, j) += products(i, row_of(block, i, j));
  }
}

void RelativeVectors::score_keys(View s, ConstView k, int64_t head, const Block& block) const {
  const Window near = window(block, parts_.queries.count());
  const Scratch::Frame frame(block.scratch);
  const ops::Operand keys = parts_.queries.packed(block.packed_keys, k, block.scratch);
  const DistanceDiagonals::Terms terms{head, block.scale};
  if (near.nearest) return add_by_key(s, keys, terms, *near.nearest, block.scratch);
  for (int64_t i = 0; i < s.size(0); ++i) {
    parts_.queries.add_row(
        s.slice(0, i, i + 1), keys, terms, [&](int64_t key) { return row_of(block, i, key); },
        block.scratch);
  }
}

// Keys so far away that they share a vector with every query meet it once.
void RelativeVectors::add_by_key(View s, const ops::Operand& keys,
                                 const DistanceDiagonals::Terms& terms, int64_t nearest,
                                 Scratch& scratch) const {
  const int64_t queries = s.size(0), count = s.size(1);
  int64_t begin = 0;
  const auto part = [&](int64_t end) {
    return std::pair(s.slice(1, begin, end), keys.slice(begin, end));
  };
  const auto add_until = [&](int64_t end) {
    if (end == begin) return;
    const auto [scores, some] = part(end);
    parts_.queries.add(scores, some, terms, parts_.rows, nearest + begin, scratch);
    begin = end;
  };
  parts_.rows.for_runs(nearest, queries + count - 1, [&](const DistanceRows::Run& run) {
    if (run.step == 1 || run.end - run.begin < 2 * queries) return;
    add_until(run.begin);
    const int64_t end = run.end - queries + 1;
    const auto [scores, some] = part(end);
    const Scratch::Frame frame(scratch);
    const View shared = scratch.matrix(1, end - begin);
    std::ranges::fill(shared.row(0), 0.0f);
    parts_.queries.add(shared, some, terms, parts_.rows, nearest + begin, scratch);
    for (int64_t i = 0; i < queries; ++i) ops::add(scores.row(i), shared.row(0));
    begin = end;
  });
  add_until(count);
}

// Probabilities are summed by distance first: one product with the table instead of one for each
// query.
void RelativeVectors::mix(View y, ConstView p, const Block& block) const {  // y [H, Tq, d]
  if (!parts_.values) return;
  const Window near = window(block, parts_.values->shape()[0]);
  const ConstView table = parts_.values->view().slice(0, near.rows.begin, near.rows.end);  // [R, d]
  const Scratch::Frame frame(block.scratch);
  const View sums = block.scratch.matrix(y.size(1), table.size(0));  // [Tq, R]
  for (int64_t h = 0; h < y.size(0); ++h) {
    sum_by_row(sums, p[h], near, block);
    ops::products(parts_.precision).add_multiply(sums, table, y[h]);
  }
}

void RelativeVectors::sum_by_row(View sums, ConstView p, const Window& window,
                                 const Block& block) const {
  if (window.nearest) return ops::sum_by_distance(p, runs(block, window), sums);
  for (int64_t i = 0; i < p.size(0); ++i) {
    const auto sum = sums.row(i);
    std::ranges::fill(sum, 0.0f);
    for (int64_t j = 0; j < p.size(1); ++j) sum[row_of(block, i, j)] += p(i, j);
  }
}

}  // namespace locus::positions
