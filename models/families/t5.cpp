// T5 v1.0 and v1.1: Raffel et al. 2020; Shazeer 2020.
#include "models/families/parts/t5_stacks.hpp"

namespace locus {

FamilyGraph build_t5(const Config& config, const Weights& weights) {
  T5Style style{"t5", "T5"};
  style.vocabulary = 32128;
  style.inner = 2048;
  style.layers = 6;
  style.heads = 8;
  style.feed_forward = "relu";
  return build_t5_stacks(style, config, weights);
}

}  // namespace locus
