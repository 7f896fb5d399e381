// Swin Transformer V2: Liu et al. 2022. Names: transformers' modeling_swinv2.
#include <algorithm>
#include <cmath>

#include "models/families/parts/swin_stages.hpp"

namespace locus::families {
namespace {

/// Cells down the map that a stage was made for, which decide how wide its windows are.
int64_t lines_of(const SwinSizes& sizes, size_t stage) {
  return (sizes.image.height / sizes.patch.height) >> stage;
}

int64_t window_of(const SwinSizes& sizes, size_t stage) {
  return std::clamp<int64_t>(lines_of(sizes, stage), 1, sizes.window);
}

/// The window that a stage was trained with before; 0: this one.
int64_t pretrained_window(const Config& config, const SwinSizes& sizes, size_t stage) {
  constexpr std::string_view key = "pretrained_window_sizes";
  const std::vector<double> windows = config.numbers(key);
  if (windows.empty()) return 0;
  if (windows.size() != sizes.depths.size()) {
    config.fail(key, "a size for each of " + std::to_string(sizes.depths.size()) + " stages",
                std::to_string(windows.size()));
  }
  const double window = windows[stage];
  if (window == 0 || (window >= 2 && window <= 1024 && window == std::floor(window))) {
    return static_cast<int64_t>(window);
  }
  config.fail(key, "0 or whole numbers from 2 to 1024", std::to_string(window));
}

void add_continuous_bias(const SwinBuilder& builder, const std::string& at,
                         const SwinBlock& block) {
  const auto& [graph, sizes, path] = builder;
  const std::string network = at + "self.continuous_position_bias_mlp.";
  const WeightSlots weights{{"hidden", graph.weight(network + "0.weight")},
                            {"hidden_bias", graph.weight(network + "0.bias")},
                            {"output", graph.weight(network + "2.weight")}};
  const SchemeChoice scheme{
      "continuous_window",
      {{"size", window_of(sizes, block.stage)},
       {"pretrained", pretrained_window(graph.config(), sizes, block.stage)}}};
  graph.encoding(block.path, {{scheme}, weights}, at + "position",
                 {{"continuous_window", weights}});
}

/// Scores are cosines, times a factor for each head.
NodeSpec cosine_attention(const SwinBuilder& builder, const std::string& at,
                          const SwinBlock& block) {
  NodeSpec node = swin_attention(builder, at, block.stage);
  node.encoding = block.path;
  node.attributes.set("scale", 1.0);
  node.attributes.set("norm_kind", "unit");
  WeightRef scales = builder.graph.weight(at + "self.logit_scale");
  builder.graph.check_shape(at + "self.logit_scale", {builder.sizes.heads[block.stage], 1, 1});
  scales.steps = {reshape({builder.sizes.heads[block.stage]})};
  node.weights["query_log_scale"] = scales;
  return node;
}

std::string add_swin2_block(const SwinBuilder& builder, const SwinBlock& block,
                            const std::string& input) {
  const auto& [graph, sizes, path] = builder;
  const std::string at = block.path + ".", attention = at + "attention.";
  add_continuous_bias(builder, attention, block);
  NodeSpec node = cosine_attention(builder, attention, block);
  node.inputs = {input};
  const int64_t window = window_of(sizes, block.stage);
  const bool shifted = block.shifted && lines_of(sizes, block.stage) > window;
  const Attributes windows{
      {"size", window}, {"shift", shifted ? sizes.window / 2 : 0}, {"small_maps", "pad"}};
  const std::string whole = add_windowed(graph, attention, windows, std::move(node));
  const NormMaker norm = layer_norm_of(graph, sizes.epsilon);
  const std::string middle =
      graph.sum(attention + "add", norm(at + "layernorm_before", whole), input);
  return add_pre_norm(graph, norm,
                      {swin_feed_forward(builder, block), "", block.path, at + "layernorm_after"},
                      middle);
}

std::string merge(const SwinBuilder& builder, const std::string& at, size_t stage,
                  const std::string& cells) {
  const std::string reduced = add_reduction(builder, at, stage, cells);
  return builder.graph.layer_norm(at + "norm", reduced, swin_fixed_epsilon);
}

FamilyGraph build_swinv2(const Config& config, const Weights& weights) {
  return build_swin_version(config, weights, {"swinv2", "Swinv2", add_swin2_block, merge});
}

}  // namespace

Family swinv2() {
  return {
      .model_type = "swinv2",
      .build = build_swinv2,
  };
}

}  // namespace locus::families
