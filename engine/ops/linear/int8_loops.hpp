// The vector loops of products with u8 rows, s8 columns and s32 sums.
#pragma once

#include "engine/ops/linear/dot_product.hpp"

namespace locus::ops::int8 {

/// Null where the CPU has no AVX-512 with such instructions, or they are not to be used.
dot::Multiply<int32_t> multiply();

/// `multiply` that makes a value of each sum; null where `multiply` is.
dot::MultiplyAs<dot::ScaledProduct> multiply_scaled();

}  // namespace locus::ops::int8
