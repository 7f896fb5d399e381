// A linear map in f32 by our own vector loops.
#pragma once

#include <memory>

#include "engine/ops/ops.hpp"

namespace locus::ops {

std::unique_ptr<PackedLinear> pack_linear_f32(const LinearWeights& weights);

}  // namespace locus::ops
