// OLMo 2: OLMo Team 2025, section 2: norms after each part, and of all queries and keys at once.
// Names: transformers' modeling_olmo2.
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

FamilyGraph build_olmo2(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 50304, .ffn_width = 11008, .context = 2048, .epsilon = 1e-5});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.normed_heads = true;
  sizes.attention_norms = {.before = "", .after = "post_attention_layernorm"};
  sizes.feed_forward_norms = {.before = "", .after = "post_feedforward_layernorm"};
  return build_gated_decoder(sizes,
                             {.family = "olmo2",
                              .base = "model.",
                              .bare = "Olmo2Model",
                              .headed = "Olmo2ForCausalLM",
                              .tokens = "",
                              .answers = false},
                             config, weights);
}

}  // namespace

Family olmo2() {
  return {
      .model_type = "olmo2",
      .build = build_olmo2,
      .special = {.eos = 50279, .pad = 1, .all_eos = {50279}},
  };
}

}  // namespace locus::families
