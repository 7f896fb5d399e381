// The parts of a Transformer layer: attention or feed-forward, each with its norm and its sum.

#pragma once

#include <functional>
#include <string>

#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// One part of a layer.
struct LayerPart {
  NodeSpec node;     ///< attention or feed-forward; what it reads first is filled in
  std::string norm;  ///< path of its norm
  std::string sum;   ///< name of the sum with its input
  /// Path of a norm of what the part gives, before the sum; empty: none.
  std::string norm_after = {};
  double factor = 1;  ///< of what the part gives, before the sum: the node `NODE.scaled`
};

/// Adds a norm of a path: kind, epsilon and weights are its own affair.
using NormMaker = std::function<std::string(const std::string& path, const std::string& input)>;

/// A LayerNorm with gain and bias.
NormMaker layer_norm_of(GraphBuilder& graph, double epsilon);

/// How a part, its norm and its sum follow each other.
using Residual = std::string (*)(GraphBuilder& graph, const NormMaker& norm, LayerPart part,
                                 const std::string& input);

/// x + f(norm(x)): Xiong et al. 2020, figure 1 (b). With a norm after the part, x + norm(f(x)) too;
/// then the one before it may be absent.
std::string add_pre_norm(GraphBuilder& graph, const NormMaker& norm, LayerPart part,
                         const std::string& input);
/// norm(x + f(x)): Vaswani et al. 2017, section 5.4.
std::string add_post_norm(GraphBuilder& graph, const NormMaker& norm, LayerPart part,
                          const std::string& input);

/// A feed-forward of two linear maps, `[ffn_width, width]` and `[width, ffn_width]`.
struct FeedForwardParts {
  std::string up, down;  ///< paths; the node is named `down`
  int64_t width = 0, ffn_width = 0;
  std::string activation;
  bool biased = true;
};
NodeSpec feed_forward_node(const GraphBuilder& graph, const FeedForwardParts& parts);

/// Attention's four linear maps: `q_proj`, `k_proj`, `v_proj` and an output below one path.
struct Projections {
  std::string at;  ///< with its dot
  std::string output = "out_proj";
  bool query_bias = true;  ///< of queries, keys and values
  bool output_bias = true;
};
WeightSlots projection_weights(const GraphBuilder& graph, const Projections& projections);

/// A slot with or without its bias.
WeightSlots linear_slots(const GraphBuilder& graph, const std::string& slot,
                         const std::string& path, bool biased);

/// The attributes of a causal attention that sees `window` keys (0: all).
struct CausalHeads {
  int64_t heads = 0, head_size = 0, window = 0;
};
Attributes causal_attention(const CausalHeads& heads);

}  // namespace locus::families
