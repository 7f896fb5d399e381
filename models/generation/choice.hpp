// How a token is chosen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "models/generate.hpp"

namespace locus::generation {

/// A token that may be drawn; weights are relative.
struct Choice {
  int32_t id = 0;
  double weight = 0;
};

/// Throws Error unless the largest of the values that the rules left, on which a choice rests, is
/// finite.
void expect_choice(double largest);

/// What temperature and the filters after it leave. `settings.temperature` is above 0.
std::vector<Choice> choices(std::span<const float> logits, const SamplingSettings& settings);

/// One of the choices, each as likely as its weight says.
int32_t draw(std::span<const Choice> choices, Random& random);

/// The id of the largest value; of equal ones the lowest.
int32_t arg_max(std::span<const float> logits);

}  // namespace locus::generation
