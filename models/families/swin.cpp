// Swin: Liu et al. 2021. Names: transformers' modeling_swin.
#include "models/families/parts/swin_stages.hpp"

namespace locus::families {
namespace {

NodeSpec biased_attention(const SwinBuilder& builder, const std::string& at,
                          const SwinBlock& block) {
  const auto& [graph, sizes, path] = builder;
  NodeSpec node = swin_attention(builder, at, block.stage);
  node.weights = node.weights + linear_slots(graph, "key", at + "self.key", sizes.biased);
  node.encoding = block.path;
  const WeightSlots table{{"table", graph.weight(at + "self.relative_position_bias_table")}};
  const SchemeChoice window{"window", {{"size", sizes.window}}};
  graph.encoding(block.path, {{window}, table}, at + "position", {{"window", table}});
  return node;
}

std::string add_swin_block(const SwinBuilder& builder, const SwinBlock& block,
                           const std::string& input) {
  const auto& [graph, sizes, path] = builder;
  const std::string at = block.path + ".", attention = at + "attention.";
  NodeSpec node = biased_attention(builder, attention, block);
  node.inputs = {graph.layer_norm(at + "layernorm_before", input, sizes.epsilon)};
  const Attributes windows{{"size", sizes.window}, {"shift", block.shifted ? sizes.window / 2 : 0}};
  const std::string whole = add_windowed(graph, attention, windows, std::move(node));
  const std::string sum = graph.sum(attention + "add", whole, input);
  return add_pre_norm(graph, layer_norm_of(graph, sizes.epsilon),
                      {swin_feed_forward(builder, block), at + "layernorm_after", block.path}, sum);
}

std::string merge(const SwinBuilder& builder, const std::string& at, size_t stage,
                  const std::string& cells) {
  const std::string normed = builder.graph.layer_norm(at + "norm", cells, swin_fixed_epsilon);
  return add_reduction(builder, at, stage, normed);
}

FamilyGraph build_swin(const Config& config, const Weights& weights) {
  return build_swin_version(config, weights, {"swin", "Swin", add_swin_block, merge});
}

}  // namespace

Family swin() {
  return {
      .model_type = "swin",
      .build = build_swin,
  };
}

}  // namespace locus::families
