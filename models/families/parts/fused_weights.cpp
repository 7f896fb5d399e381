#include "models/families/parts/fused_weights.hpp"

#include <array>

namespace locus::families {

WeightSlots convolution(const GraphBuilder& graph, const std::string& slot,
                        const std::string& path) {
  WeightSlots slots = graph.affine(slot, path);
  slots.at(slot).steps = {permute({1, 0})};
  return slots;
}

NodeSpec convolution_feed_forward(const GraphBuilder& graph, const FeedForwardParts& parts) {
  graph.check_shape(parts.up + ".weight", {parts.width, parts.ffn_width});
  graph.check_shape(parts.down + ".weight", {parts.ffn_width, parts.width});
  return {
      .name = parts.down,
      .kind = "feed_forward",
      .attributes = {{"activation", parts.activation}},
      .weights = convolution(graph, "up", parts.up) + convolution(graph, "down", parts.down),
  };
}

WeightSlots block_of_rows(const GraphBuilder& graph, const RowBlock& block) {
  WeightSlots slots = linear_slots(graph, block.slot, block.path, block.biased);
  for (auto& [name, reference] : slots) reference.steps = {slice(0, block.begin, block.end)};
  return slots;
}

namespace {

const std::array<std::string, 3> third_names{"query", "key", "value"};

/// How one of the three is taken out of a fused weight and its bias.
struct ThirdSteps {
  std::vector<WeightStep> weight, bias;
};

WeightSlots taken(const GraphBuilder& graph, const FusedProduct& fused,
                  const std::function<ThirdSteps(int64_t index)>& steps) {
  WeightSlots all;
  for (int64_t index = 0; index < 3; ++index) {
    const std::string& slot = third_names[static_cast<size_t>(index)];
    WeightSlots slots = linear_slots(graph, slot, fused.path, fused.biased);
    const ThirdSteps third = steps(index);
    slots.at(slot).steps = third.weight;
    if (fused.biased) slots.at(slot + "_bias").steps = third.bias;
    all = all + slots;
  }
  return all;
}

}  // namespace

WeightSlots side_by_side(const GraphBuilder& graph, const FusedProduct& fused) {
  return taken(graph, fused, [&](int64_t index) {
    const int64_t begin = index * fused.width, end = begin + fused.width;
    return ThirdSteps{{slice(0, begin, end)}, {slice(0, begin, end)}};
  });
}

WeightSlots side_by_side_convolution(const GraphBuilder& graph, const FusedProduct& fused) {
  return taken(graph, fused, [&](int64_t index) {
    const int64_t begin = index * fused.width, end = begin + fused.width;
    return ThirdSteps{{slice(1, begin, end), permute({1, 0})}, {slice(0, begin, end)}};
  });
}

WeightSlots interleaved_by_head(const GraphBuilder& graph, const FusedProduct& fused) {
  return taken(graph, fused, [&](int64_t index) {
    const WeightStep third = slice(1, index, index + 1);
    return ThirdSteps{{reshape({fused.heads, 3, fused.head_size, fused.width}), third,
                       reshape({fused.width, fused.width})},
                      {reshape({fused.heads, 3, fused.head_size}), third, reshape({fused.width})}};
  });
}

}  // namespace locus::families
