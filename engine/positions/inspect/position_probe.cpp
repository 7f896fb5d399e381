#include "engine/position_probe.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace locus {
namespace {

void require_length(const PositionalEncoding& encoding, int64_t length) {
  if (length >= 1 && length <= encoding.max_length()) return;
  throw Error("position", "a length from 1 to " + std::to_string(encoding.max_length()),
              std::to_string(length));
}

Tensor filled(const Shape& shape, float value) {
  Tensor tensor(shape);
  std::ranges::fill(tensor.values(), value);
  return tensor;
}

constexpr int64_t values_between_checks = 1 << 18;

/// Rows of so many values that are a part.
int64_t rows_of_part(const Probe& probe, int64_t width) {
  const int64_t rows = values_between_checks / std::max<int64_t>(1, width);
  return std::clamp<int64_t>(rows, 1, probe.length);
}

/// Calls `part(begin, end)` for all rows, which have so many values each, a few at a time.
template <class Part>
void in_parts(const Probe& probe, int64_t width, const Part& part) {
  const int64_t step = rows_of_part(probe, width);
  for (int64_t begin = 0; begin < probe.length; begin += step) {
    if (probe.check) probe.check();
    part(begin, std::min(probe.length, begin + step));
  }
}

// Scores of one query against all keys; every value of q and k is `level`. [H, 1, T]
Tensor scores_of(const PositionalEncoding& encoding, const Probe& probe, int64_t query,
                 float level) {
  const int64_t length = probe.length;
  const Tensor q = filled({probe.heads, 1, probe.head_size}, level);
  const int64_t values = probe.heads * probe.head_size;
  const Tensor k = filled({rows_of_part(probe, values), probe.head_size}, level);  // of any head
  Tensor s({probe.heads, 1, length});
  Scratch scratch;
  const Positions all{0, length, {}, 1};
  in_parts(probe, values, [&](int64_t begin, int64_t end) {
    const Block block{{query, 1, {}, 1}, all.slice(begin, end), 0, length, 1, scratch};
    const ConstView keys(k.data(), {probe.heads, end - begin, probe.head_size},
                         {0, probe.head_size, 1});
    encoding.score(s.view().slice(2, begin, end), q.view(), keys, block);
  });
  return s;
}

// Two queries cover all distances: the last one has all earlier keys, the first all later ones.
Tensor scores_by_distance(const PositionalEncoding& encoding, const Probe& probe, float level) {
  require_length(encoding, probe.length);
  const int64_t last = probe.length - 1;
  const Tensor earlier = scores_of(encoding, probe, last, level);
  const Tensor later = scores_of(encoding, probe, 0, level);
  Tensor result({probe.heads, 2 * probe.length - 1});
  const View rows = result.view();
  for (int64_t head = 0; head < probe.heads; ++head) {
    std::ranges::copy(later.view()[head].row(0), rows.row(head).begin() + last);
    std::ranges::copy(earlier.view()[head].row(0), rows.row(head).begin());
  }
  return result;
}

/// heads: [1, T, d]
void rotate(const PositionalEncoding& encoding, const Probe& probe, View heads, Role role) {
  Scratch scratch;
  const Positions all{0, probe.length, {}, 1};
  in_parts(probe, probe.head_size, [&](int64_t begin, int64_t end) {
    const Positions some = all.slice(begin, end);
    encoding.rotate(heads.slice(1, begin, end), role, {some, some, 0, probe.length, 1, scratch});
  });
}

float unit_level(const Probe& probe) { return 1 / std::sqrt(static_cast<float>(probe.head_size)); }

}  // namespace

Tensor added_rows(const PositionalEncoding& encoding, const Probe& probe) {
  require_length(encoding, probe.length);
  Tensor rows({probe.length, probe.width});
  Scratch scratch;
  const Positions all{0, probe.length, {}, 1};
  in_parts(probe, probe.width, [&](int64_t begin, int64_t end) {
    const Positions some = all.slice(begin, end);
    encoding.embed(rows.view().slice(0, begin, end), {some, some, 0, probe.length, 1, scratch});
  });
  return rows;
}

Tensor rotated_rows(const PositionalEncoding& encoding, const Probe& probe, Role role) {
  require_length(encoding, probe.length);
  Tensor rows = filled({1, probe.length, probe.head_size}, unit_level(probe));
  rotate(encoding, probe, rows.view(), role);
  return Tensor({probe.length, probe.head_size}, rows.values());
}

Tensor inner_products(const Tensor& a, const Tensor& b, const std::function<void()>& check) {
  const ConstView x = a.view(), y = b.view();
  const int64_t width = x.size(1);
  if (y.size(1) != width) {
    throw Error("inner products", "rows of " + std::to_string(width) + " values",
                std::to_string(y.size(1)));
  }
  Tensor products({x.size(0), y.size(0)});
  const int64_t check_step = std::max<int64_t>(1, values_between_checks / width);
  for (int64_t i = 0; i < x.size(0); ++i) {
    for (int64_t j = 0; j < y.size(0); ++j) {
      if (check && j % check_step == 0) check();
      double sum = 0;
      for (int64_t c = 0; c < width; ++c) sum += static_cast<double>(x(i, c)) * y(j, c);
      products.view()(i, j) = static_cast<float>(sum);
    }
  }
  return products;
}

Tensor score_bias(const PositionalEncoding& encoding, const Probe& probe) {
  return scores_by_distance(encoding, probe, 0);
}

Tensor score_response(const PositionalEncoding& encoding, const Probe& probe) {
  return scores_by_distance(encoding, probe, unit_level(probe));
}

Tensor proximity(const PositionalEncoding& encoding, const Probe& probe) {
  const Tensor rows = added_rows(encoding, probe);
  const Tensor added = inner_products(rows, rows, probe.check);
  const Tensor rotated = inner_products(rotated_rows(encoding, probe, Role::query),
                                        rotated_rows(encoding, probe, Role::key), probe.check);
  Tensor sum({probe.length, probe.length});
  for (int64_t query = 0; query < probe.length; ++query) {
    const Tensor scores = scores_of(encoding, probe, query, unit_level(probe));  // [H, 1, T]
    for (int64_t key = 0; key < probe.length; ++key) {
      double score = 0;
      for (int64_t head = 0; head < probe.heads; ++head) score += scores.view()(head, 0, key);
      sum.view()(query, key) = added.view()(query, key) + rotated.view()(query, key) +
                               static_cast<float>(score / static_cast<double>(probe.heads));
    }
  }
  return sum;
}

Tensor rotation_decay(const PositionalEncoding& encoding, const Probe& probe) {
  require_length(encoding, probe.length);
  Tensor q = filled({1, 1, probe.head_size}, unit_level(probe));
  Scratch scratch;
  const Positions origin{0, 1, {}, 1};
  encoding.rotate(q.view(), Role::query, {origin, origin, 0, probe.length, 1, scratch});
  const Tensor products =
      inner_products(Tensor({1, probe.head_size}, q.values()), rotated_rows(encoding, probe));
  return Tensor({probe.length}, products.values());
}

}  // namespace locus
