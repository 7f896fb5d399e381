#include "models/heads/probabilities.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/probabilities.hpp"

namespace locus::heads {

void check_finite_logits(const std::string& who, std::span<const float> logits) {
  if (std::ranges::all_of(logits, [](float value) { return std::isfinite(value); })) return;
  throw Error(who, "finite logits", "infinity or NaN");
}

std::vector<double> softmax(std::span<const float> logits) {
  const double log_sum = ops::log_sum_exp(logits);
  std::vector<double> probabilities;
  for (const float logit : logits) probabilities.push_back(std::exp(logit - log_sum));
  return probabilities;
}

double sigmoid(double logit) { return 1 / (1 + std::exp(-logit)); }

int64_t arg_max(std::span<const double> values) {
  return std::ranges::max_element(values) - values.begin();
}

}  // namespace locus::heads
