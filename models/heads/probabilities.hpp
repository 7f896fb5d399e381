// Logits as probabilities.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace locus::heads {

/// Throws Error `WHO: expected finite logits` for infinities and NaN.
void check_finite_logits(const std::string& who, std::span<const float> logits);

std::vector<double> softmax(std::span<const float> logits);
double sigmoid(double logit);

/// The index of the largest value; of equal ones the first.
int64_t arg_max(std::span<const double> values);

}  // namespace locus::heads
