// What rows of logits say.
#pragma once

#include <cstdint>
#include <span>

namespace locus::ops {

/// log(sum(exp(x))), accumulated in double.
double log_sum_exp(std::span<const float> x);

/// What one row of logits says of a token.
struct RowScore {
  double nll = 0;      ///< nats
  double entropy = 0;  ///< nats
  int32_t rank = 0;    ///< 1 for the largest logit; of equal ones the lower id goes first
};

/// NaN for `nll` when a logit is not finite. `target` is an index of `logits`.
RowScore score_row(std::span<const float> logits, int32_t target);

}  // namespace locus::ops
