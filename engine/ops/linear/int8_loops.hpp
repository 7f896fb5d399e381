// The vector loops of products with u8 rows, s8 weights and s32 sums.
#pragma once

#include "engine/ops/linear/dot_product.hpp"

namespace locus::ops::int8 {

/// Null where the CPU has no AVX-512 with such instructions, or they are not to be used.
dot::Multiply<int32_t> multiply();

}  // namespace locus::ops::int8
