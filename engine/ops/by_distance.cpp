// Terms and sums by distance, row by row. The row of a query is that of the one before it, moved by
// one column.
#include <algorithm>

#include "engine/ops/ops.hpp"
#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/by_distance.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {
namespace {

// Calls `visit(run, column, count, row)` for the columns of a matrix's row that a run has, and the
// table's row of the first one.
template <typename Visit>
HWY_INLINE void for_runs_of_row(ConstView s, int64_t i, std::span<const DistanceRun> runs,
                                const Visit& visit) {
  const int64_t first = s.size(0) - 1 - i, last = first + s.size(1);
  for (const DistanceRun& run : runs) {
    const int64_t begin = std::max(run.begin, first), end = std::min(run.end, last);
    if (begin >= end) continue;
    visit(run, begin - first, end - begin, run.row + run.step * (begin - run.begin));
  }
}

HWY_INLINE float sum_of(const float* x, int64_t count) {
  constexpr int64_t side_by_side = 4;  // each sum waits for its last addition
  const Lanes lanes;
  Vector sums[side_by_side] = {hn::Zero(lanes), hn::Zero(lanes), hn::Zero(lanes), hn::Zero(lanes)};
  int64_t i = 0;
  for (; i + side_by_side * lane_count <= count; i += side_by_side * lane_count) {
    for (int64_t j = 0; j < side_by_side; ++j) {
      sums[j] = hn::Add(sums[j], hn::LoadU(lanes, x + i + j * lane_count));
    }
  }
  for (; i + lane_count <= count; i += lane_count) {
    sums[0] = hn::Add(sums[0], hn::LoadU(lanes, x + i));
  }
  if (i < count) sums[1] = hn::Add(sums[1], load_part(x + i, count - i));
  const Vector sum = hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
  return hn::GetLane(hn::SumOfLanes(lanes, sum));
}

}  // namespace

void add_terms(ConstView terms, std::span<const DistanceRun> runs, View s) {
  for (int64_t i = 0; i < s.size(0); ++i) {
    float* const scores = s.row(i).data();
    const float* const own = terms.row(i).data();
    for_runs_of_row(
        s, i, runs,
        [&](const DistanceRun& run, int64_t column, int64_t count, int64_t row) HWY_ATTR {
          float* const to = scores + column;
          if (run.step == 1) {
            map(to, own + row, to, count,
                [](Vector score, Vector term) HWY_ATTR { return hn::Add(score, term); });
          } else {
            const Vector shared = hn::Set(Lanes(), own[row]);
            map(to, to, count, [&](Vector score) HWY_ATTR { return hn::Add(score, shared); });
          }
        });
  }
}

void sum_values(ConstView x, std::span<const DistanceRun> runs, View sums) {
  for (int64_t i = 0; i < x.size(0); ++i) {
    const float* const values = x.row(i).data();
    float* const own = sums.row(i).data();
    std::fill_n(own, sums.size(1), 0.0f);
    for_runs_of_row(
        x, i, runs,
        [&](const DistanceRun& run, int64_t column, int64_t count, int64_t row) HWY_ATTR {
          if (run.step == 0) {
            own[row] += sum_of(values + column, count);
            return;
          }
          map(own + row, values + column, own + row, count,
              [](Vector sum, Vector value) HWY_ATTR { return hn::Add(sum, value); });
        });
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(add_terms);
HWY_EXPORT(sum_values);

void add_by_distance(ConstView terms, std::span<const DistanceRun> runs, View s) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(add_terms)(terms, runs, s);
}

void sum_by_distance(ConstView x, std::span<const DistanceRun> runs, View sums) {
  settle_instruction_set();
  HWY_DYNAMIC_DISPATCH(sum_values)(x, runs, sums);
}

}  // namespace locus::ops
#endif  // HWY_ONCE
