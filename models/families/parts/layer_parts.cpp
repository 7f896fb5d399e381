#include "models/families/parts/layer_parts.hpp"

namespace locus::families {

NormMaker layer_norm_of(GraphBuilder& graph, double epsilon) {
  return [&graph, epsilon](const std::string& path, const std::string& input) {
    return graph.layer_norm(path, input, epsilon);
  };
}

namespace {

std::string add_part(GraphBuilder& graph, NodeSpec node, const std::string& input) {
  node.inputs.insert(node.inputs.begin(), input);
  return graph.add(std::move(node));
}

}  // namespace

std::string add_pre_norm(GraphBuilder& graph, const NormMaker& norm, LayerPart part,
                         const std::string& input) {
  const std::string normed = part.norm.empty() ? input : norm(part.norm, input);
  const std::string scaled = part.node.name + ".scaled";
  std::string made = add_part(graph, std::move(part.node), normed);
  if (!part.norm_after.empty()) made = norm(part.norm_after, made);
  if (part.factor != 1) {
    made = add_part(
        graph, {.name = scaled, .kind = "scale", .attributes = {{"factor", part.factor}}}, made);
  }
  return graph.sum(part.sum, made, input);
}

std::string add_post_norm(GraphBuilder& graph, const NormMaker& norm, LayerPart part,
                          const std::string& input) {
  const std::string made = add_part(graph, std::move(part.node), input);
  return norm(part.norm, graph.sum(part.sum, made, input));
}

NodeSpec feed_forward_node(const GraphBuilder& graph, const FeedForwardParts& parts) {
  graph.check_shape(parts.up + ".weight", {parts.ffn_width, parts.width});
  graph.check_shape(parts.down + ".weight", {parts.width, parts.ffn_width});
  return {
      .name = parts.down,
      .kind = "feed_forward",
      .attributes = {{"activation", parts.activation}},
      .weights = linear_slots(graph, "up", parts.up, parts.biased) +
                 linear_slots(graph, "down", parts.down, parts.biased),
  };
}

WeightSlots projection_weights(const GraphBuilder& graph, const Projections& projections) {
  const auto& [at, output, query_bias, output_bias] = projections;
  return linear_slots(graph, "query", at + "q_proj", query_bias) +
         linear_slots(graph, "key", at + "k_proj", query_bias) +
         linear_slots(graph, "value", at + "v_proj", query_bias) +
         linear_slots(graph, "output", at + output, output_bias);
}

WeightSlots linear_slots(const GraphBuilder& graph, const std::string& slot,
                         const std::string& path, bool biased) {
  return biased ? graph.affine(slot, path) : graph.product(slot, path);
}

Attributes causal_attention(const CausalHeads& heads) {
  Attributes attributes = causal_window(heads.window);
  attributes.set("heads", heads.heads);
  attributes.set("head_size", heads.head_size);
  return attributes;
}

}  // namespace locus::families
