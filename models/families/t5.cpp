// T5 v1.0 and v1.1: Raffel et al. 2020; Shazeer 2020. mT5: Xue et al. 2020. UMT5: Chung et al.
// 2023. Names: transformers' modeling_t5.
#include "models/families/family.hpp"
#include "models/families/parts/t5_stacks.hpp"

namespace locus::families {
namespace {

FamilyGraph build_t5(const Config& config, const Weights& weights) {
  return build_t5_stacks({.family = "t5",
                          .classes = "T5",
                          .vocabulary = 32128,
                          .ffn_width = 2048,
                          .layers = 6,
                          .heads = 8,
                          .feed_forward = "relu"},
                         config, weights);
}

// T5 v1.1 with another vocabulary.
FamilyGraph build_mt5(const Config& config, const Weights& weights) {
  return build_t5_stacks({.family = "mt5", .classes = "MT5", .tied = false}, config, weights);
}

// Each layer has its own table of biases.
FamilyGraph build_umt5(const Config& config, const Weights& weights) {
  return build_t5_stacks({.family = "umt5", .classes = "UMT5", .bias_by_layer = true}, config,
                         weights);
}

}  // namespace

Family t5() {
  return {
      .model_type = "t5",
      .build = build_t5,
      .special = {.eos = 1, .pad = 0, .decoder_start = 0, .all_eos = {1}},
  };
}

Family mt5() {
  return {
      .model_type = "mt5",
      .build = build_mt5,
      .special = {.eos = 1, .pad = 0, .decoder_start = 0, .all_eos = {1}},
  };
}

Family umt5() {
  return {
      .model_type = "umt5",
      .build = build_umt5,
      .special = {.eos = 1, .pad = 0, .decoder_start = 0, .all_eos = {1}},
  };
}

}  // namespace locus::families
