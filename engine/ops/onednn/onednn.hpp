// What the project uses of oneDNN, free of its types, so that a file for another major version can
// stand beside onednn_v2.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/ops/linear/panels.hpp"
#include "engine/options.hpp"

namespace locus::onednn {

/// Lowers the instructions of all primitives. False when it is too late.
bool limit(InstructionSet level);
/// The instructions that primitives use, named as `locus::instruction_set` does.
std::string instruction_set();

/// What a product is computed from, and what its sums are.
enum class Operands {
  bf16,  ///< bf16 values, f32 sums
  u8s8,  ///< u8 inputs and s8 weights, s32 sums
};

/// Whether the CPU has instructions for such products. Without them u8s8 would not only be slow:
/// pairs of products are then added in 16 bits, which saturate.
bool native(Operands operands);

/// Panels of oneDNN's matrix products.
std::unique_ptr<ops::Panels> pack(Operands operands, const ops::ProductWeights& weights);

}  // namespace locus::onednn
