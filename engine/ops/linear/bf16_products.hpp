// The products of attention with bf16 operands.
#pragma once

#include <memory>

#include "engine/ops/linear/bf16_loops.hpp"
#include "engine/ops/ops.hpp"

namespace locus::ops::bf16 {

/// Columns rounded up to whole registers.
int64_t whole_registers(int64_t columns);
/// Columns in memory for N: whole registers after the last one, and an odd number of them, so that
/// the rows of a product's piece share no lines of the cache.
int64_t padded_columns(int64_t columns);

const Products& products(const PairLoops& loops);
std::unique_ptr<PackedColumns> pack_columns(ConstView columns, const PairLoops& loops);

}  // namespace locus::ops::bf16
