// A tensor's values as doctest can compare and print them.
#pragma once

#include <vector>

#include "engine/tensor.hpp"

namespace locus::tests {

inline std::vector<float> values_of(const Tensor& tensor) {
  return {tensor.values().begin(), tensor.values().end()};
}

}  // namespace locus::tests
