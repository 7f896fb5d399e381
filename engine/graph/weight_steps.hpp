// One step from a stored tensor to the one that a node wants.
#pragma once

#include "engine/weights.hpp"

namespace locus::graph {

/// The shape after one step; throws Error that names `who`.
Shape stepped_shape(const std::string& who, const Shape& shape, const WeightStep& step,
                    const Weights& weights);

}  // namespace locus::graph
