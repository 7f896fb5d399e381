// From a stored tensor to the one that a node wants.
#pragma once

#include "engine/graph_spec.hpp"
#include "engine/weights.hpp"

namespace locus {

/// The weight that `ref` describes. Throws Error `NAME: expected .., found ..` when the weight is
/// absent or a step does not fit its shape.
Tensor resolve(const WeightRef& ref, const Weights& weights);

/// The shape after one step; throws Error that names `who`.
Shape stepped_shape(const std::string& who, const Shape& shape, const WeightStep& step,
                    const Weights& weights);

}  // namespace locus
