// Pegasus: Zhang et al. 2020. Names: transformers' modeling_pegasus.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus {

FamilyGraph build_pegasus(const Config& config, const Weights& weights) {
  SequenceStyle style;
  style.family = "pegasus";
  style.bare = "PegasusModel";
  style.headed = "PegasusForConditionalGeneration";
  style.positions = {"sinusoidal", {{"layout", std::string("halves")}}};  // docs/traps.md, Sinusoids
  style.norm_first = style.last_norm = true;
  return build_encoder_decoder({config, style}, style, config, weights);
}

}  // namespace locus
