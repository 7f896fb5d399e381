// Mistral: Jiang et al. 2023. Names: transformers' modeling_mistral.
#include "models/families/parts/gated_decoder.hpp"

namespace locus {

FamilyGraph build_mistral(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 32000, .inner = 14336, .context = 131072, .key_heads = 8});
  // Absent means the class's window, null means none.
  if (!config.is_null("sliding_window")) {
    sizes.windows.assign(sizes.windows.size(), config.count("sliding_window", 4096));
  }
  return build_gated_decoder(
      sizes, {"mistral", "model.", "MistralModel", "MistralForCausalLM", "score"}, config, weights);
}

}  // namespace locus
