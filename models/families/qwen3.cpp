// Qwen3: Yang et al. 2025, section 2. Names: transformers' modeling_qwen3.
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

FamilyGraph build_qwen3(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(config, {.vocabulary = 151936,
                                    .ffn_width = 22016,
                                    .context = 32768,
                                    .kv_heads = 32,
                                    .head_size = 128});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.normed_heads = true;
  slide_last_layers(config, sizes);
  return build_gated_decoder(sizes,
                             {.family = "qwen3",
                              .base = "model.",
                              .bare = "Qwen3Model",
                              .headed = "Qwen3ForCausalLM",
                              .tokens = "score",
                              .answer_base = "transformer."},
                             config, weights);
}

}  // namespace

Family qwen3() { return {.model_type = "qwen3", .build = build_qwen3}; }

}  // namespace locus::families
