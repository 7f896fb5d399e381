// Gemma: Gemma Team 2024; Gemma 2: 2024; Gemma 3: 2025. EmbeddingGemma is a Gemma 3 whose queries
// see both sides. Names: transformers' modeling_gemma, modeling_gemma2, modeling_gemma3.
#include <cmath>

#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

/// What all Gemmas have: norms that add 1 to their gains, token vectors that grow by the root of
/// their width, a table that makes logits too.
GatedDecoderConfig gemma_sizes(const Config& config, const GatedDecoderDefaults& defaults) {
  GatedDecoderConfig sizes(config, defaults);
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.gain_offset = 1;
  sizes.embedding_scale = std::sqrt(static_cast<double>(sizes.width));
  sizes.tied = true;
  return sizes;
}

/// Gemma's first configs say `gelu` and mean its approximation by tanh, as the reference reads
/// them. Some say it again as `hidden_activation`, which the reference does not read.
std::string gemma_activation(const Config& config) {
  const std::string tanh_gelu = "gelu_pytorch_tanh";
  const auto meant = [&](const char* key) {
    const std::string name = config.text(key, tanh_gelu);
    return name == "gelu" ? tanh_gelu : name;
  };
  const std::string name = meant("hidden_act");
  if (config.has("hidden_activation") && meant("hidden_activation") != name) {
    config.fail("hidden_activation", "'" + name + "', as of hidden_act",
                "'" + meant("hidden_activation") + "'");
  }
  return config.known_activation("hidden_act", name);
}

void expect_causal(const Config& config) {
  if (config.boolean("use_bidirectional_attention", false)) {
    config.fail("use_bidirectional_attention", "false", "true");
  }
}

FamilyGraph build_gemma(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes = gemma_sizes(config, {.vocabulary = 256000,
                                                  .ffn_width = 24576,
                                                  .context = 8192,
                                                  .kv_heads = 16,
                                                  .width = 3072,
                                                  .layers = 28,
                                                  .heads = 16,
                                                  .head_size = 256});
  expect_causal(config);
  sizes.activation = gemma_activation(config);
  return build_gated_decoder(sizes,
                             {.family = "gemma",
                              .base = "model.",
                              .bare = "GemmaModel",
                              .headed = "GemmaForCausalLM",
                              .tokens = "score",
                              .answers = false},
                             config, weights);
}

/// What came with Gemma 2: two norms around each part, windows, a scale and caps of their own.
/// `period`: of layers, of which the last sees all.
GatedDecoderConfig gemma2_sizes(const Config& config, const GatedDecoderDefaults& defaults,
                                int64_t period) {
  GatedDecoderConfig sizes = gemma_sizes(config, defaults);
  sizes.activation = config.activation("hidden_activation", "gelu_pytorch_tanh");
  config.idle({"hidden_act"});
  sizes.attention_norms.after = "post_attention_layernorm";
  sizes.feed_forward_norms = {"pre_feedforward_layernorm", "post_feedforward_layernorm"};
  const double size = config.number("query_pre_attn_scalar", 256);
  if (size <= 0) config.fail("query_pre_attn_scalar", "above 0", std::to_string(size));
  sizes.attention_scale = 1 / std::sqrt(size);
  slide_but_each(config, sizes, period);
  return sizes;
}

/// A cap of a config: null stands for none, absence for the class's.
double cap_of(const Config& config, const char* key, double fallback) {
  const double cap = config.is_null(key) ? 0 : config.number(key, fallback);
  if (config.has(key) && cap <= 0) config.fail(key, "above 0, or null", std::to_string(cap));
  return cap;
}

FamilyGraph build_gemma2(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes = gemma2_sizes(config,
                                          {.vocabulary = 256000,
                                           .ffn_width = 9216,
                                           .context = 8192,
                                           .kv_heads = 4,
                                           .width = 2304,
                                           .layers = 26,
                                           .heads = 8,
                                           .head_size = 256},
                                          2);
  expect_causal(config);
  sizes.score_cap = cap_of(config, "attn_logit_softcapping", 50);
  sizes.logit_cap = cap_of(config, "final_logit_softcapping", 30);
  return build_gated_decoder(sizes,
                             {.family = "gemma2",
                              .base = "model.",
                              .bare = "Gemma2Model",
                              .headed = "Gemma2ForCausalLM",
                              .tokens = "score",
                              .answers = false},
                             config, weights);
}

FamilyGraph build_gemma3(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes = gemma2_sizes(config,
                                          {.vocabulary = 262208,
                                           .ffn_width = 9216,
                                           .context = 131072,
                                           .kv_heads = 4,
                                           .width = 2304,
                                           .layers = 26,
                                           .heads = 8,
                                           .head_size = 256},
                                          config.count("sliding_window_pattern", 6));
  config.idle({"_sliding_window_pattern"});
  if (config.has("attn_logit_softcapping")) {
    config.fail("attn_logit_softcapping", "null: the reference does not follow it", "a number");
  }
  sizes.logit_cap = cap_of(config, "final_logit_softcapping", 0);
  sizes.normed_heads = true;
  sizes.both_sides = config.boolean("use_bidirectional_attention", false);
  for (GatedLayer& layer : sizes.each) {
    if (layer.window > 0) layer.encoding = "local";
    // The window of both sides is the config's, a half to each side.
    if (layer.window > 0 && sizes.both_sides) layer.window = layer.window / 2 + 1;
  }
  sizes.rope.default_base = 1e6;
  sizes.local_rope.base = "rope_local_base_freq";
  sizes.add_rotations = add_two_rotations;
  return build_gated_decoder(sizes,
                             {.family = "gemma3_text",
                              .base = "model.",
                              .bare = "Gemma3TextModel",
                              .headed = "Gemma3ForCausalLM",
                              .tokens = "",
                              .answers = false},
                             config, weights);
}

const ModelIds gemma_ids{.bos = 2, .eos = 1, .pad = 0, .all_eos = {1}};

}  // namespace

Family gemma() { return {.model_type = "gemma", .build = build_gemma, .special = gemma_ids}; }

Family gemma2() { return {.model_type = "gemma2", .build = build_gemma2, .special = gemma_ids}; }

Family gemma3() {
  return {.model_type = "gemma3_text", .build = build_gemma3, .special = gemma_ids};
}

}  // namespace locus::families
