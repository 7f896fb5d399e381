// The original Transformer: Vaswani et al. 2017. Names as in BART, its heir.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus::families {
namespace {

FamilyGraph build_transformer(const Config& config, const Weights& weights) {
  const SequenceStyle style{
      .family = "transformer",
      .bare = "TransformerModel",
      .headed = "TransformerForConditionalGeneration",
      .positions = {"sinusoidal", {}},  // section 3.5: sines and cosines interleaved
      .vocabulary = 37000,              // section 5.1
      .activation = "relu",             // section 3.3
      .scaled = true,                   // section 3.4
  };
  return build_encoder_decoder({config, style}, style, config, weights);
}

}  // namespace

Family transformer() {
  return {
      .model_type = "transformer",
      .build = build_transformer,
  };
}

}  // namespace locus::families
