// OLMo 2: OLMo Team 2025, section 2: norms after each part, and of all queries and keys at once.
// OLMo 3: Olmo Team 2025, section 3: three of four layers slide, and their rotation is not scaled.
// Names: transformers' modeling_olmo2, modeling_olmo3.
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

GatedDecoderConfig olmo2_sizes(const Config& config) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 50304, .ffn_width = 11008, .context = 2048, .epsilon = 1e-5});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.normed_heads = true;
  sizes.attention_norms = {.before = "", .after = "post_attention_layernorm"};
  sizes.feed_forward_norms = {.before = "", .after = "post_feedforward_layernorm"};
  return sizes;
}

FamilyGraph build_olmo2(const Config& config, const Weights& weights) {
  const GatedDecoderConfig sizes = olmo2_sizes(config);
  return build_gated_decoder(sizes,
                             {.family = "olmo2",
                              .base = "model.",
                              .bare = "Olmo2Model",
                              .headed = "Olmo2ForCausalLM",
                              .tokens = "",
                              .answers = false},
                             config, weights);
}

FamilyGraph build_olmo3(const Config& config, const Weights& weights) {
  constexpr double base = 500000;
  // transformers 5 gives the key of older files to the layers that see whole texts, and not to
  // those that slide.
  if (config.number("rope_theta", base) != base) {
    config.fail("rope_theta", "500000, or one for each type of layer in rope_parameters",
                to_string(Attribute(config.number("rope_theta", base))));
  }
  GatedDecoderConfig sizes = olmo2_sizes(config);
  slide_but_each(config, sizes, 4);
  for (GatedLayer& layer : sizes.each) {
    if (layer.window > 0) layer.encoding = "local";
  }
  sizes.rope.default_base = sizes.local_rope.default_base = base;
  sizes.add_rotations = add_two_rotations;
  return build_gated_decoder(sizes,
                             {.family = "olmo3",
                              .base = "model.",
                              .bare = "Olmo3Model",
                              .headed = "Olmo3ForCausalLM",
                              .tokens = "",
                              .answers = false},
                             config, weights);
}

const ModelIds olmo_ids{.eos = 50279, .pad = 1, .all_eos = {50279}};

}  // namespace

Family olmo2() { return {.model_type = "olmo2", .build = build_olmo2, .special = olmo_ids}; }

Family olmo3() { return {.model_type = "olmo3", .build = build_olmo3, .special = olmo_ids}; }

}  // namespace locus::families
