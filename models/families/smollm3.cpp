// SmolLM3: Bakouch et al. 2025. Every few layers have no positions (Yang et al. 2025, "RoPE to
// NoPE and back again"). Names: transformers' modeling_smollm3.
#include "models/families/parts/gated_decoder.hpp"

namespace locus::families {
namespace {

/// Which layers have positions: a list of 1 and 0, or all but each `no_rope_layer_interval`-th.
std::vector<bool> rotated_layers(const Config& config, int64_t layers) {
  const std::string key = "no_rope_layers";
  const int64_t interval = config.count("no_rope_layer_interval", 4);
  std::vector<bool> rotated;
  if (!config.has(key)) {
    for (int64_t layer = 1; layer <= layers; ++layer) rotated.push_back(layer % interval != 0);
    return rotated;
  }
  for (const double each : config.numbers(key)) {
    if (each != 0 && each != 1) config.fail(key, "a list of 1 and 0", std::to_string(each));
    rotated.push_back(each == 1);
  }
  if (static_cast<int64_t>(rotated.size()) < layers) {
    config.fail(key, "an entry for each of " + std::to_string(layers) + " layers",
                std::to_string(rotated.size()));
  }
  return rotated;
}

void add_layers(const Config& config, GatedDecoderConfig& sizes) {
  const std::vector<bool> rotated = rotated_layers(config, sizes.layers);
  const bool windowed = config.boolean("use_sliding_window", false) && config.has("sliding_window");
  config.idle({"sliding_window"});
  std::vector<bool> unrotated;
  for (int64_t layer = 0; layer < sizes.layers; ++layer) {
    unrotated.push_back(windowed && !rotated[static_cast<size_t>(layer)]);
  }
  const std::vector<bool> sliding = sliding_layers(config, unrotated);
  for (size_t layer = 0; layer < sliding.size(); ++layer) {
    if (!rotated[layer]) sizes.each[layer].encoding = "";
    if (sliding[layer] && !windowed) {
      config.fail("use_sliding_window", "true where 'layer_types' has sliding layers", "false");
    }
    if (sliding[layer]) sizes.each[layer].window = config.count("sliding_window", 1);
  }
}

FamilyGraph build_smollm3(const Config& config, const Weights& weights) {
  GatedDecoderConfig sizes(config, {.vocabulary = 128256,
                                    .ffn_width = 11008,
                                    .context = 32768,
                                    .kv_heads = 4,
                                    .width = 2048,
                                    .layers = 36,
                                    .heads = 16});
  sizes.query_bias = sizes.output_bias = config.boolean("attention_bias", false);
  sizes.feed_forward_bias = config.boolean("mlp_bias", false);
  sizes.tied = true;
  sizes.rope.default_base = 2e6;
  add_layers(config, sizes);
  return build_gated_decoder(sizes,
                             {.family = "smollm3",
                              .base = "model.",
                              .bare = "SmolLM3Model",
                              .headed = "SmolLM3ForCausalLM",
                              .tokens = "score",
                              .answer_base = "transformer."},
                             config, weights);
}

}  // namespace

Family smollm3() {
  return {
      .model_type = "smollm3",
      .build = build_smollm3,
      .special = {.bos = 128000, .eos = 128001, .pad = 128004, .all_eos = {128001}},
  };
}

}  // namespace locus::families
