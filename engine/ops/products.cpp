// The products of attention and of linear layers.
#include "engine/ops/onednn.hpp"

namespace locus::ops {

void multiply_transposed(ConstView a, ConstView b, View c, float accumulate) {
  onednn::multiply(a, b, c, true, accumulate);
}

void multiply(ConstView a, ConstView b, View c, float accumulate) {
  onednn::multiply(a, b, c, false, accumulate);
}

std::unique_ptr<PackedLinear> pack_linear(const LinearWeights& weights) {
  return onednn::pack_linear(weights);
}

}  // namespace locus::ops
