// What the project uses of oneDNN, free of its types, so that a file for another major version can
// stand beside onednn_v2.cpp. Internal.
#pragma once

#include <memory>
#include <string>

#include "engine/instruction_set.hpp"
#include "engine/ops/ops.hpp"

namespace locus::onednn {

/// Lowers the instructions of all later primitives. False when it is too late.
bool limit(InstructionSet level);
/// The instructions that primitives use: names as of `locus::instruction_set`.
std::string instruction_set();

/// c = a b^T or a b, plus c where `accumulate` is 1.
void multiply(ConstView a, ConstView b, View c, bool transposed, float accumulate);

std::unique_ptr<PackedLinear> pack_linear(const LinearWeights& weights);

}  // namespace locus::onednn
