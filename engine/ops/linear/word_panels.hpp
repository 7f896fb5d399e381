// Panels that our own loops multiply.
#pragma once

#include <memory>

#include "engine/ops/linear/dot_product.hpp"
#include "engine/ops/linear/panels.hpp"

namespace locus::ops {

/// Panels of bf16 weights, or of s8 weights for u8 rows.
std::unique_ptr<Panels> pack_words(dot::Multiply<float> multiply, const ProductWeights& weights);
std::unique_ptr<Panels> pack_words(dot::Multiply<int32_t> multiply, const ProductWeights& weights);

}  // namespace locus::ops
