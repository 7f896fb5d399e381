// The original Transformer: Vaswani et al. 2017. Names as in BART, its heir.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus {

FamilyGraph build_transformer(const Config& config, const Weights& weights) {
  SequenceStyle style;
  style.family = "transformer";
  style.bare = "TransformerModel";
  style.headed = "TransformerForConditionalGeneration";
  style.positions = {"sinusoidal", {}};  // section 3.5: sines and cosines interleaved
  style.vocabulary = 37000;              // section 5.1
  style.activation = "relu";             // section 3.3
  style.scaled = true;                   // section 3.4
  return build_encoder_decoder({config, style}, style, config, weights);
}

}  // namespace locus
