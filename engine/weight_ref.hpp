// Where a weight lies: a stored tensor and what is done to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor.hpp"
#include "weights.hpp"

namespace locus {

struct WeightRef;

/// One step from a stored tensor to the tensor that a node wants.
struct WeightStep {
  enum class Kind { reshape, permute, slice, concatenate };
  Kind kind = Kind::reshape;
  std::vector<int64_t>
      sizes;         ///< reshape: sizes, one may be -1; permute: axes; slice: axis, begin, end
  int64_t axis = 0;  ///< concatenate: along this axis
  std::vector<WeightRef> others;  ///< concatenate: appended in order
  bool operator==(const WeightStep&) const = default;
};

/// A stored tensor and a short list of steps: enough for GPT-2's Conv1D (permute [1, 0]), for fused
/// query-key-value products in any interleaving, and for a permutation of rotary pairs.
struct WeightRef {
  std::string name;
  std::vector<WeightStep> steps;
  bool operator==(const WeightRef&) const = default;
};

WeightStep reshape(std::vector<int64_t> sizes);
WeightStep permute(std::vector<int64_t> axes);
WeightStep slice(int64_t axis, int64_t begin, int64_t end);

/// The weight that `ref` describes. Throws Error `NAME: expected .., found ..` when the weight is
/// absent or a step does not fit its shape.
Tensor resolve(const WeightRef& ref, const Weights& weights);
/// Its shape alone, under the same errors; no value is read.
Shape resolved_shape(const WeightRef& ref, const Weights& weights);

}  // namespace locus
