// One level of an interpolated n-gram model.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/weights.hpp"

namespace locus::evaluation {

/// What follows contexts, and how often.
class NgramLevel {
 public:
  NgramLevel() = default;
  /// Reads the tensors NAME.contexts, .firsts (of contexts of two tokens), .sizes, .rare, .tokens,
  /// .counts and .discounts, which tools/train/README.md describes. Throws Error where they
  /// contradict each other.
  NgramLevel(const Weights& weights, const std::string& name, int64_t vocabulary);

  /// max(0, c - D) / total + g lower, where g is what the discounts leave; `lower` itself after a
  /// context that is not there.
  double p(uint32_t context, uint16_t token, double lower) const;

 private:
  void read_contexts(const Weights& weights, const std::string& name, int64_t vocabulary);
  void check(const std::string& name, int64_t vocabulary) const;
  void add_up(const std::string& name, const std::vector<uint16_t>& rare);
  double discounted(size_t entry) const;

  std::vector<uint32_t> contexts_, totals_;  // [C], sorted
  std::vector<uint32_t> begins_;             // [C + 1]
  std::vector<uint16_t> tokens_, counts_;    // [N], sorted in a context
  std::vector<double> discounts_;            // [3]
  std::vector<double> rests_;                // g, [C]
};

/// Values of a tensor of whole or double numbers; throws Error for another type or rank.
template <typename T>
std::vector<T> values_of(const Weights& weights, const std::string& name);

}  // namespace locus::evaluation
