#include "models/families/parts/stored_frequencies.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace locus::families {

WeightSlots rounded_frequencies(const Weights& weights, const std::string& name,
                                const FrequencyFormula& formula) {
  constexpr double rounding = 0.01, exact = 1e-6;
  check_shape(name, weights.at(name).shape, {formula.size / 2});
  const Tensor stored = weights.f32(name);
  double largest = 0;
  for (int64_t k = 0; k < stored.count(); ++k) {
    const double share = 2 * static_cast<double>(k) / static_cast<double>(formula.size);
    const double expected = std::pow(formula.base, -share), found = stored.data()[k];
    largest = std::max(largest, std::abs(found / expected - 1));
    if (largest <= rounding) continue;
    throw Error(name,
                std::to_string(expected) + " at index " + std::to_string(k) + ", by a base of " +
                    std::to_string(formula.base),
                std::to_string(found));
  }
  return largest <= exact ? WeightSlots{} : WeightSlots{{"frequencies", {name, {}}}};
}

}  // namespace locus::families
