// What BERT, NEZHA and RoFormer share: embeddings, post-norm layers, pooler, masked-LM head.
// Internal: not installed.
#pragma once

#include <functional>
#include <string>

#include "models/graph_builder.hpp"

namespace locus {

/// Sizes and values of BERT-like configs, with the defaults of BERT's class.
struct PostNormConfig {
  PostNormConfig(const Config& config, int64_t usual_vocabulary);

  int64_t vocabulary, width, layers, heads, inner, types;
  double epsilon;
  std::string activation;
  bool decoder;  ///< `is_decoder`: queries see earlier keys alone
};

/// Words, types and positions under `base` + `embeddings`, normalised. Returns the last node.
std::string add_embeddings(GraphBuilder& graph, const PostNormConfig& config,
                           const std::string& base, const std::string& encoding);

/// The first row of each sequence through `base` + `pooler`, where one is stored.
void add_pooler(GraphBuilder& graph, const std::string& base, const std::string& input);

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
