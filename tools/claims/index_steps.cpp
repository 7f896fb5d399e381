// Does a step of positions from 0 to 1 mean different things at different lengths?
#include <cmath>

#include "tools/claims/measures.hpp"
#include "tools/claims/sinusoid_rows.hpp"

namespace locus::cli::claims {
namespace {

enum IndexLabel : size_t { step_length, steps_for_one, steps_for_one_fixed };

constexpr int64_t shorter_text = 31, longer_text = 91;

/// What one step adds, as a share of what is added from the first to the last of `length` tokens
/// whose index ends at 1.
double step_of(const std::string& scheme, int64_t length) {
  const Tensor rows = rows_of_scheme(scheme, 0, length);
  // The dimension that the learned vector reaches farthest along says it best.
  double step = 0, largest = 0;
  for (int64_t i = 0; i < dimensions; ++i) {
    const double all = rows.view()(length - 1, i) - rows.view()(0, i);
    if (std::abs(all) <= largest) continue;
    largest = std::abs(all);
    step = (rows.view()(1, i) - rows.view()(0, i)) / all;
  }
  return step;
}

/// Length of a step in the vectors that are added, at one length of text over another.
double ratio_of_steps(const std::string& scheme) {
  const Tensor a = rows_of_scheme(scheme, 0, shorter_text),
               b = rows_of_scheme(scheme, 0, longer_text);
  double sum_a = 0, sum_b = 0;
  for (int64_t i = 0; i < dimensions; ++i) {
    sum_a += std::abs(double{a.view()(1, i)} - a.view()(0, i));
    sum_b += std::abs(double{b.view()(1, i)} - b.view()(0, i));
  }
  return sum_a / sum_b;
}

}  // namespace

Findings measure_index_steps(Bench&) {
  const std::string own = "normalised_index:length=actual", fixed = "normalised_index:length=256";
  const double steps = ratio_of_steps(own);
  return {{{step_length, std::to_string(shorter_text), step_of(own, shorter_text)},
           {step_length, std::to_string(longer_text), step_of(own, longer_text)},
           {steps_for_one, "", steps,
            std::abs(steps - 1) > 1e-3 ? Support::confirms : Support::contradicts},
           {steps_for_one_fixed, "", ratio_of_steps(fixed)}},
          0,
          {}};
}

}  // namespace locus::cli::claims
