// From the vectors of a text's tokens to one vector.
#pragma once

#include <vector>

#include "models/embed.hpp"

namespace locus::heads {

/// `rows` [T, D] by one pooling; the first `skipped` rows are left out. [D], or [T, D] for `none`
std::vector<float> pooled(ConstView rows, Pooling pooling, int64_t skipped);

}  // namespace locus::heads
