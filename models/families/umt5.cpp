// UMT5: Chung et al. 2023. Each layer has its own table of biases.
#include "models/families/parts/t5_stacks.hpp"

namespace locus {

FamilyGraph build_umt5(const Config& config, const Weights& weights) {
  T5Style style{"umt5", "UMT5"};
  style.bias_by_layer = true;
  return build_t5_stacks(style, config, weights);
}

}  // namespace locus
