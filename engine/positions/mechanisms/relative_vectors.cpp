#include "engine/positions/mechanisms/relative_vectors.hpp"

#include <algorithm>
#include <cmath>

#include "engine/ops/ops.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

// Keys of one product k b^T: only its diagonal band is used, so that wide tiles would waste most.
constexpr int64_t smallest_key_part = 16;

}  // namespace

int64_t RelativeVectors::row_of(double distance) const {
  const double row = distance + static_cast<double>(parts_.left);
  const double last = static_cast<double>(parts_.left + parts_.right);
  if (parts_.beyond == RelativeVectorsParts::Beyond::refuse && (row < 0 || row > last)) {
    throw Error(
        parts_.name,
        "distances from " + std::to_string(-parts_.left) + " to " + std::to_string(parts_.right),
        to_string(Attribute(distance)));
  }
  return whole(parts_.name, std::clamp(row, 0.0, last));
}

RelativeVectors::Window RelativeVectors::window(const Block& block) const {
  const auto query = run_start(block.queries);
  const auto key = run_start(block.keys);
  if (!query || !key) return {0, parts_.left + parts_.right + 1, std::nullopt};
  const int64_t corner = *key - *query;
  const auto nearest = static_cast<double>(corner - (block.queries.count - 1));
  const auto farthest = static_cast<double>(corner + block.keys.count - 1);
  return {row_of(nearest), row_of(farthest) + 1, corner};
}

// For consecutive positions a row is three segments: distances clamped to the left end of the
// table, those that it holds side by side, and those clamped to the right end.
template <typename Visit>
void RelativeVectors::for_segments(const Block& block, const Window& window, int64_t query,
                                   Visit visit) const {
  const int64_t count = block.keys.count;
  if (!window.corner) {
    for (int64_t j = 0; j < count; ++j) {
      visit(Segment{j, j + 1, row_of(distance(block, query, j)), 0});
    }
    return;
  }
  const int64_t first = *window.corner - query;  // distance of key 0
  const int64_t inside = std::clamp<int64_t>(-parts_.left - first, 0, count);
  const int64_t after = std::clamp<int64_t>(parts_.right + 1 - first, inside, count);
  const int64_t shift = parts_.left - window.begin;
  visit(Segment{0, inside, -window.begin, 0});
  visit(Segment{inside, after, first + inside + shift, 1});
  visit(Segment{after, count, parts_.right + shift, 0});
}

void RelativeVectors::score_queries(View s, ConstView q, const Block& block) const {
  const Window rows = window(block);
  const ConstView table = parts_.keys->view().slice(0, rows.begin, rows.end);  // [R, d]
  const Scratch::Frame frame(block.scratch);
  const View products = block.scratch.matrix(q.size(0), table.size(0));  // [Tq, R]
  ops::multiply_transposed(q, table, products);
  for (int64_t i = 0; i < s.size(0); ++i) {
    const auto scores = s.row(i);                   // [Tk]
    const float* product = products.row(i).data();  // [R]
    for_segments(block, rows, i, [&](const Segment& part) {
      const float* from = product + part.column;
      const float constant = part.step == 0 && part.begin < part.end ? *from : 0;
      if (part.step == 0) {
        for (int64_t j = part.begin; j < part.end; ++j) scores[j] += constant;
      } else {
        for (int64_t j = part.begin; j < part.end; ++j) scores[j] += from[j - part.begin];
      }
    });
  }
}

void RelativeVectors::score_keys(View s, ConstView k, const Block& block) const {
  const Window rows = window(block);
  const ConstView table = parts_.queries->view().slice(0, rows.begin, rows.end);  // [R, d]
  const Scratch::Frame frame(block.scratch);
  const View products = block.scratch.matrix(k.size(0), table.size(0));  // [Tk, R]
  ops::multiply_transposed(k, table, products);
  for (int64_t i = 0; i < s.size(0); ++i) {
    const auto scores = s.row(i);  // [Tk]
    for_segments(block, rows, i, [&](const Segment& part) {
      int64_t column = part.column;
      for (int64_t j = part.begin; j < part.end; ++j, column += part.step) {
        scores[j] += block.scale * products(j, column);
      }
    });
  }
}

void RelativeVectors::score(View s, ConstView q, ConstView k, const Block& block) const {
  for (int64_t h = 0; h < s.size(0); ++h) {  // s [H, Tq, Tk]
    if (parts_.keys) score_queries(s[h], q[h], block);
    if (!parts_.queries) continue;
    const int64_t step = std::max(block.queries.count, smallest_key_part);
    for (int64_t begin = 0; begin < k.size(1); begin += step) {
      const int64_t end = std::min(begin + step, k.size(1));
      const Block part{block.queries,    block.keys.slice(begin, end),
                       block.first_head, block.length,
                       block.scale,      block.scratch};
      score_keys(s[h].slice(1, begin, end), k[h].slice(0, begin, end), part);
    }
  }
}

// Probabilities are summed by distance first: one product with the table instead of one for each
// query.
void RelativeVectors::mix(View y, ConstView p, const Block& block) const {  // y [H, Tq, d]
  if (!parts_.values) return;
  const Window rows = window(block);
  const ConstView table = parts_.values->view().slice(0, rows.begin, rows.end);  // [R, d]
  const Scratch::Frame frame(block.scratch);
  const View sums = block.scratch.matrix(y.size(1), table.size(0));  // [Tq, R]
  for (int64_t h = 0; h < y.size(0); ++h) {
    for (int64_t i = 0; i < y.size(1); ++i) {
      const auto sum = sums.row(i);
      std::ranges::fill(sum, 0.0f);
      const auto probabilities = p[h].row(i);  // [Tk]
      for_segments(block, rows, i, [&](const Segment& part) {
        int64_t column = part.column;
        for (int64_t j = part.begin; j < part.end; ++j, column += part.step) {
          sum[column] += probabilities[j];
        }
      });
    }
    ops::add_multiply(sums, table, y[h]);
  }
}

}  // namespace locus::positions
