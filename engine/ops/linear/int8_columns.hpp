// Columns of 8 bits, for the products of attention with vectors by distance.
#pragma once

#include <memory>

#include "engine/ops/ops.hpp"

namespace locus::ops::int8 {

/// A scale for each column, and one for each row that meets them. Null where the CPU has no such
/// instructions, or a column is too long for sums of 32 bits.
std::unique_ptr<PackedColumns> pack_columns(ConstView columns);

}  // namespace locus::ops::int8
