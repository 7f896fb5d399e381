// Llama: Touvron et al. 2023. Mistral: Jiang et al. 2023, and Ministral, whose layers slide one by
// one. Qwen2: Yang et al. 2024. Names: transformers' modeling_llama, modeling_mistral,
// modeling_ministral, modeling_qwen2.
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

FamilyGraph build_llama(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(config, {.vocabulary = 32000, .ffn_width = 11008, .context = 2048});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.feed_forward_bias = config.boolean("mlp_bias", false);
  return build_gated_decoder(sizes,
                             {.family = "llama",
                              .base = "model.",
                              .bare = "LlamaModel",
                              .headed = "LlamaForCausalLM",
                              .tokens = "score",
                              .answer_base = "transformer."},
                             config, weights);
}

FamilyGraph build_mistral(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 32000, .ffn_width = 14336, .context = 131072, .kv_heads = 8});
  // Absent means the class's window, null means none.
  if (!config.is_null("sliding_window")) {
    for (GatedLayer& layer : sizes.each) layer.window = config.count("sliding_window", 4096);
  }
  return build_gated_decoder(sizes,
                             {.family = "mistral",
                              .base = "model.",
                              .bare = "MistralModel",
                              .headed = "MistralForCausalLM",
                              .tokens = "score"},
                             config, weights);
}

FamilyGraph build_ministral(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 32000, .ffn_width = 14336, .context = 131072, .kv_heads = 8});
  const bool sliding = !config.is_null("sliding_window");
  slide_layers(config, sizes, std::vector<bool>(static_cast<size_t>(sizes.layers), sliding));
  return build_gated_decoder(sizes,
                             {.family = "ministral",
                              .base = "model.",
                              .bare = "MinistralModel",
                              .headed = "MinistralForCausalLM",
                              .tokens = "score",
                              .answer_base = "transformer."},
                             config, weights);
}

FamilyGraph build_qwen2(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(
      config, {.vocabulary = 151936, .ffn_width = 22016, .context = 32768, .kv_heads = 32});
  sizes.query_bias = true;
  slide_last_layers(config, sizes);
  return build_gated_decoder(sizes,
                             {.family = "qwen2",
                              .base = "model.",
                              .bare = "Qwen2Model",
                              .headed = "Qwen2ForCausalLM",
                              .tokens = "score",
                              .answer_base = "transformer."},
                             config, weights);
}

}  // namespace

Family llama() {
  return {
      .model_type = "llama",
      .build = build_llama,
      .special = {.bos = 1, .eos = 2, .all_eos = {2}},
  };
}

Family mistral() {
  return {
      .model_type = "mistral",
      .build = build_mistral,
      .special = {.bos = 1, .eos = 2, .all_eos = {2}},
  };
}

Family ministral() {
  return {
      .model_type = "ministral",
      .build = build_ministral,
      .special = {.bos = 1, .eos = 2, .all_eos = {2}},
  };
}

Family qwen2() {
  return {
      .model_type = "qwen2",
      .build = build_qwen2,
  };
}

}  // namespace locus::families
