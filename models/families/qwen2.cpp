// Qwen2: Yang et al. 2024. Names: transformers' modeling_qwen2.
#include "models/families/parts/gated_decoder.hpp"

namespace locus {

FamilyGraph build_qwen2(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 151936, .inner = 22016, .context = 32768, .key_heads = 32});
  sizes.query_bias = true;
  // The config's word counts: transformers 4.49 lets the window work where it is not in use,
  // and in the layers below `max_window_layers`, when attention is its eager one.
  const bool windowed =
      config.boolean("use_sliding_window", false) && !config.is_null("sliding_window");
  const int64_t first = config.whole("max_window_layers", 28);
  for (int64_t layer = first; windowed && layer < sizes.layers; ++layer) {
    sizes.windows[static_cast<size_t>(layer)] = config.count("sliding_window", 4096);
  }
  return build_gated_decoder(
      sizes, {"qwen2", "model.", "Qwen2Model", "Qwen2ForCausalLM", "score", true, "transformer."},
      config, weights);
}

}  // namespace locus
