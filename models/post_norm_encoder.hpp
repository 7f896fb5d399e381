// What BERT and RoFormer share: post-norm layers, pooler, masked-LM head. Internal: not installed.
#pragma once

#include <functional>
#include <string>

#include "models/graph_builder.hpp"

namespace locus {

/// Sizes and values of BERT-like configs, with the defaults of BERT's class.
struct PostNormConfig {
  explicit PostNormConfig(const Config& config);

  int64_t width, layers, heads, inner, types;
  double epsilon;
  std::string activation;
  bool decoder;  ///< `is_decoder`: queries see earlier keys alone
};

/// The layers under `base` + `encoder.layer.N`; `encoding(n)` names the encoding of layer n.
/// Returns the last node.
std::string add_post_norm_layers(GraphBuilder& graph, const PostNormConfig& config,
                                 const std::string& base, std::string input,
                                 const std::function<std::string(int64_t layer)>& encoding);

/// The head at `cls.predictions` on requested rows, tied to `table` unless the config and the file
/// say otherwise.
void add_masked_lm_head(GraphBuilder& graph, const PostNormConfig& config, const std::string& input,
                        const std::string& table);

}  // namespace locus
