// Llama: Touvron et al. 2023. Names: transformers' modeling_llama.
#include "models/families/parts/gated_decoder.hpp"

namespace locus {

FamilyGraph build_llama(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(config, {.vocabulary = 32000, .inner = 11008, .context = 2048});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.feed_forward_bias = config.boolean("mlp_bias", false);
  return build_gated_decoder(
      sizes, {"llama", "model.", "LlamaModel", "LlamaForCausalLM", "score", true, "transformer."},
      config, weights);
}

}  // namespace locus
