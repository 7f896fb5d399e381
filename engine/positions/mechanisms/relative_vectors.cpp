#include "engine/positions/mechanisms/relative_vectors.hpp"

#include <algorithm>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

// Keys of one product with the queries' rows: each pair of query and key needs one value of it, so
// that Tq queries and these keys use Tq of Tq + key_part - 1 columns.
constexpr int64_t key_part = 16;

Range rows_between(int64_t first, int64_t last) { return {first, last + 1}; }

void add_to_row(std::span<float> row, const float* values) {
  const auto count = static_cast<int64_t>(row.size());
  const View to(row.data(), {1, count});
  ops::add(to, ConstView(values, {1, count}), to);
}

Block with_keys(const Block& block, int64_t begin, int64_t end) {
  return {block.queries, block.keys.slice(begin, end), block.first_head, block.length, block.scale,
          block.scratch};
}

// The rows of a matrix from the last to the first.
View upside_down(View matrix) {
  const int64_t rows = matrix.size(0), stride = matrix.stride(0);
  return View(matrix.data + (rows - 1) * stride, {rows, matrix.size(1)}, {-stride, 1});
}

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

void RelativeVectors::score(View s, ConstView q, ConstView k, const Block& block) const {
  for (int64_t h = 0; h < s.size(0); ++h) {  // s [H, Tq, Tk]
    const int64_t head = block.first_head + h;
    if (!parts_.keys.empty()) score_queries(s[h], q[h], head, block);
    for (int64_t begin = 0; begin < k.size(1) && !parts_.queries.empty();) {
      const int64_t end = part_end(block, begin);
      score_keys(s[h].slice(1, begin, end), k[h].slice(0, begin, end), head,
                 with_keys(block, begin, end));
      begin = end;
    }
  }
}

// The end of a part of the keys: of a few, or of all that share one row with every query.
int64_t RelativeVectors::part_end(const Block& block, int64_t begin) const {
  const int64_t keys = block.keys.count;
  const auto shared = [&](int64_t end) {
    const Window near = window(with_keys(block, begin, end), parts_.queries.count());
    return near.nearest && near.rows.end - near.rows.begin == 1;
  };
  int64_t end = std::min(begin + key_part, keys);
  while (end < keys && shared(std::min(end + key_part, keys))) end = std::min(end + key_part, keys);
  return end;
}

void RelativeVectors::score_queries(View s, ConstView q, int64_t head, const Block& block) const {
  const Window near = window(block, parts_.keys.count());
  const Scratch::Frame frame(block.scratch);
  const View products = parts_.keys.products(q, head, near.rows, block.scratch);  // [Tq, R]
  if (near.nearest) return add_by_query(s, products, near);
  for (int64_t i = 0; i < s.size(0); ++i) {
    for (int64_t j = 0; j < s.size(1); ++j) s(i, j) += products(i, row_of(block, i, j));
  }
}

// The row of a query is that of the query before it, moved by one column.
void RelativeVectors::add_by_query(View s, ConstView products, const Window& window) const {
  for (int64_t i = 0; i < s.size(0); ++i) {
    const auto scores = s.row(i);  // [Tk]
    const int64_t first = *window.nearest + s.size(0) - 1 - i;
    parts_.rows.for_runs(first, s.size(1), [&](const DistanceRows::Run& run) {
      const float* from = products.row(i).data() + run.row - window.rows.begin;
      const auto part = scores.subspan(run.begin, run.end - run.begin);
      if (run.step == 1) return add_to_row(part, from);
      const float shared = *from;
      for (float& score : part) score += shared;
    });
  }
}

void RelativeVectors::score_keys(View s, ConstView k, int64_t head, const Block& block) const {
  const Window near = window(block, parts_.queries.count());
  const Scratch::Frame frame(block.scratch);
  const View products = parts_.queries.products(k, head, near.rows, block.scratch);  // [Tk, R]
  if (near.nearest && near.rows.end - near.rows.begin == 1) return add_to_all(s, products, block);
  if (near.nearest) return add_by_key(s, products, near, block);
  for (int64_t i = 0; i < s.size(0); ++i) {
    for (int64_t j = 0; j < s.size(1); ++j) {
      s(i, j) += block.scale * products(j, row_of(block, i, j));
    }
  }
}

// Every query has the same term with a key. products: [Tk, 1]
void RelativeVectors::add_to_all(View s, ConstView products, const Block& block) const {
  const Scratch::Frame frame(block.scratch);
  const auto terms = block.scratch.values(s.size(1));
  for (int64_t j = 0; j < s.size(1); ++j) terms[j] = block.scale * products(j, 0);
  for (int64_t i = 0; i < s.size(0); ++i) add_to_row(s.row(i), terms.data());
}

// Distances to a key fall from query to query, so that its row belongs to the queries from the last
// one to the first.
void RelativeVectors::add_by_key(View s, ConstView products, const Window& window,
                                 const Block& block) const {
  const int64_t keys = s.size(1), queries = s.size(0);
  if (parts_.rows.side_by_side(*window.nearest, queries + keys - 1)) {
    const ConstView diagonals(products.data, {keys, queries}, {products.stride(0) + 1, 1});
    return ops::add_transposed(diagonals, block.scale, upside_down(s));
  }
  const Scratch::Frame frame(block.scratch);
  const View terms = block.scratch.matrix(keys, queries);  // [Tk, Tq], from the last query on
  for (int64_t j = 0; j < keys; ++j) {
    parts_.rows.for_runs(*window.nearest + j, queries, [&](const DistanceRows::Run& run) {
      const float* from = products.row(j).data() + run.row - window.rows.begin;
      const auto part = terms.row(j).subspan(run.begin, run.end - run.begin);
      for (size_t t = 0; t < part.size(); ++t) part[t] = from[run.step * static_cast<int64_t>(t)];
    });
  }
  ops::add_transposed(terms, block.scale, upside_down(s));
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
    for (int64_t i = 0; i < y.size(1); ++i) std::ranges::fill(sums.row(i), 0.0f);
    sum_by_row(sums, p[h], near, block);
    ops::add_multiply(sums, table, y[h]);
  }
}

void RelativeVectors::sum_by_row(View sums, ConstView p, const Window& window,
                                 const Block& block) const {
  for (int64_t i = 0; i < p.size(0); ++i) {
    const auto sum = sums.row(i);
    const auto probabilities = p.row(i);  // [Tk]
    if (!window.nearest) {
      for (int64_t j = 0; j < p.size(1); ++j) sum[row_of(block, i, j)] += probabilities[j];
      continue;
    }
    const int64_t first = *window.nearest + p.size(0) - 1 - i;
    parts_.rows.for_runs(first, p.size(1), [&](const DistanceRows::Run& run) {
      const int64_t row = run.row - window.rows.begin;
      const auto part = probabilities.subspan(run.begin, run.end - run.begin);
      if (run.step == 1) return add_to_row(sum.subspan(row, part.size()), part.data());
      sum[row] += ops::sum(part);
    });
  }
}

}  // namespace locus::positions
