// Granite: a Llama with four factors, of token vectors, scores, what a layer adds, and logits; as
// muP has them (Yang et al. 2022, table 8). Names: transformers' modeling_granite.
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

double factor_of(const Config& config, const char* key) {
  const double factor = config.number(key, 1);
  if (factor <= 0) config.fail(key, "above 0", to_string(Attribute(factor)));
  return factor;
}

FamilyGraph build_granite(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(config, {.vocabulary = 32000, .ffn_width = 11008, .context = 2048});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.feed_forward_bias = config.boolean("mlp_bias", false);
  sizes.embedding_scale = factor_of(config, "embedding_multiplier");
  sizes.attention_scale = factor_of(config, "attention_multiplier");
  sizes.residual_scale = factor_of(config, "residual_multiplier");
  sizes.logit_scale = 1 / factor_of(config, "logits_scaling");
  return build_gated_decoder(sizes,
                             {.family = "granite",
                              .base = "model.",
                              .bare = "GraniteModel",
                              .headed = "GraniteForCausalLM",
                              .tokens = "",
                              .answers = false},
                             config, weights);
}

}  // namespace

Family granite() {
  return {
      .model_type = "granite",
      .build = build_granite,
      .special = {.bos = 1, .eos = 2, .all_eos = {2}},
  };
}

}  // namespace locus::families
