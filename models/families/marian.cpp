// Marian: Junczys-Dowmunt et al. 2018. Names: transformers' modeling_marian.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus {

FamilyGraph build_marian(const Config& config, const Weights& weights) {
  SequenceStyle style;
  style.family = "marian";
  style.bare = "MarianModel";
  style.headed = "MarianMTModel";
  style.positions = {"sinusoidal", {{"layout", std::string("halves")}}};  // docs/traps.md, Sinusoids
  style.vocabulary = 58101;
  SequenceConfig sizes(config, style);
  if (!config.boolean("share_encoder_decoder_embeddings", true)) {
    sizes.shared_tables = false;
    sizes.decoder_vocabulary = config.count("decoder_vocab_size", sizes.vocabulary);
  }
  return build_encoder_decoder(sizes, style, config, weights);
}

}  // namespace locus
