// BART: Lewis et al. 2019. Names: transformers' modeling_bart.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus {

FamilyGraph build_bart(const Config& config, const Weights& weights) {
  SequenceStyle style;
  style.family = "bart";
  style.bare = "BartModel";
  style.headed = "BartForConditionalGeneration";
  style.classifies = true;
  style.positions = {"learned", {{"offset", int64_t{2}}}};
  style.embedding_norm = true;
  return build_encoder_decoder({config, style}, style, config, weights);
}

}  // namespace locus
