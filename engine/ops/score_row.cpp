#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/ops/simd/dispatch.hpp"
#include "engine/probabilities.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/score_row.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "engine/ops/simd/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

// Sums run in f32 over a few vectors and then in double.
constexpr int64_t stretch = 8 * lane_count;

struct Peak {
  float largest;
  bool finite;
};

Peak find_peak(const float* x, int64_t count) {
  const Lanes lanes;
  Vector largest = hn::Set(lanes, x[0]);
  Vector poison = hn::Zero(lanes);  // x - x is 0, or NaN where x is not finite
  const auto take = [&](Vector values) HWY_ATTR {
    largest = hn::Max(largest, values);
    poison = hn::Add(poison, hn::Sub(values, values));
  };
  for_each_vector(
      count, [&](int64_t i) HWY_ATTR { take(hn::LoadU(lanes, x + i)); },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        const auto inside = hn::FirstN(lanes, static_cast<size_t>(rest));
        take(hn::IfThenElse(inside, load_part(x + i, rest), hn::Set(lanes, x[0])));
      });
  return {hn::GetLane(hn::MaxOfLanes(lanes, largest)),
          hn::GetLane(hn::SumOfLanes(lanes, poison)) == 0};
}

/// Sums of e and of e (x - largest), e = exp(x - largest).
struct Moments {
  double zeroth = 0;
  double first = 0;
};

Moments sum_moments(const float* x, int64_t count, float largest) {
  const Lanes lanes;
  const Vector peak = hn::Set(lanes, largest);
  Moments moments;
  for (int64_t begin = 0; begin < count; begin += stretch) {
    Vector zeroth = hn::Zero(lanes), first = hn::Zero(lanes);
    for_each_vector(
        std::min(stretch, count - begin),
        [&](int64_t i) HWY_ATTR {
          const Vector below = hn::Sub(hn::LoadU(lanes, x + begin + i), peak);
          const Vector term = exponential(below);
          zeroth = hn::Add(zeroth, term);
          first = hn::MulAdd(term, below, first);
        },
        [&](int64_t i, int64_t rest) HWY_ATTR {
          const auto inside = hn::FirstN(lanes, static_cast<size_t>(rest));
          const Vector below = hn::Sub(load_part(x + begin + i, rest), peak);
          const Vector term = hn::IfThenElseZero(inside, exponential(below));
          zeroth = hn::Add(zeroth, term);
          first = hn::MulAdd(term, below, first);
        });
    moments.zeroth += hn::GetLane(hn::SumOfLanes(lanes, zeroth));
    moments.first += hn::GetLane(hn::SumOfLanes(lanes, first));
  }
  return moments;
}

// Number of values for which `wins(value)`; `wins` compares a vector.
template <typename Wins>
HWY_INLINE int64_t count_winners(const float* x, int64_t count, const Wins& wins) {
  const Lanes lanes;
  size_t winners = 0;
  for_each_vector(
      count,
      [&](int64_t i) HWY_ATTR { winners += hn::CountTrue(lanes, wins(hn::LoadU(lanes, x + i))); },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        const auto inside = hn::FirstN(lanes, static_cast<size_t>(rest));
        winners += hn::CountTrue(lanes, hn::And(inside, wins(load_part(x + i, rest))));
      });
  return static_cast<int64_t>(winners);
}

ops::RowScore score_row(const float* x, int64_t count, int64_t target) {
  const Peak peak = find_peak(x, count);
  if (!peak.finite) return {std::numeric_limits<double>::quiet_NaN(), 0, 0};
  const Moments moments = sum_moments(x, count, peak.largest);
  const double log_sum = std::log(moments.zeroth);
  const Vector mine = hn::Set(Lanes(), x[target]);
  const int64_t before =
      count_winners(x, target, [&](Vector values) HWY_ATTR { return hn::Ge(values, mine); });
  const int64_t after = count_winners(x + target + 1, count - target - 1,
                                      [&](Vector values) HWY_ATTR { return hn::Gt(values, mine); });
  const double below = static_cast<double>(x[target]) - static_cast<double>(peak.largest);
  return {log_sum - below, log_sum - moments.first / moments.zeroth,
          static_cast<int32_t>(before + after + 1)};
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(score_row);

RowScore score_row(std::span<const float> logits, int32_t target) {
  settle_instruction_set();
  return HWY_DYNAMIC_DISPATCH(score_row)(logits.data(), static_cast<int64_t>(logits.size()),
                                         target);
}
}  // namespace locus::ops
#endif  // HWY_ONCE
