// mBART: Liu et al. 2020. Names: transformers' modeling_mbart.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus {

FamilyGraph build_mbart(const Config& config, const Weights& weights) {
  SequenceStyle style;
  style.family = "mbart";
  style.bare = "MBartModel";
  style.headed = "MBartForConditionalGeneration";
  style.classifies = true;
  style.shift = shift_behind_last;
  style.positions = {"learned", {{"offset", int64_t{2}}}};
  style.embedding_norm = style.norm_first = style.last_norm = true;
  return build_encoder_decoder({config, style}, style, config, weights);
}

}  // namespace locus
