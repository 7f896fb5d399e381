// mT5: Xue et al. 2020. T5 v1.1 with another vocabulary.
#include "models/families/parts/t5_stacks.hpp"

namespace locus {

FamilyGraph build_mt5(const Config& config, const Weights& weights) {
  T5Style style{"mt5", "MT5"};
  style.tied = false;
  return build_t5_stacks(style, config, weights);
}

}  // namespace locus
