// What BERT and its relatives share: embeddings and post-norm layers.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// The keys that a family's config has for its sizes; these are BERT's.
struct PostNormKeys {
  std::string_view width = "hidden_size";
  std::string_view layers = "num_hidden_layers";
  std::string_view heads = "num_attention_heads";
  std::string_view ffn_width = "intermediate_size";
  std::string_view activation = "hidden_act";
};

/// What a family's own class takes for values that a config leaves out; these are BERT's.
struct PostNormDefaults {
  int64_t vocabulary = 30522;
  int64_t width = 768, layers = 12, heads = 12, ffn_width = 3072;
  int64_t types = 2;  ///< of tokens; 0: none
  double epsilon = 1e-12;
  std::string activation = "gelu";
  PostNormKeys keys = {};
};

/// Sizes and values of BERT-like configs.
struct PostNormConfig {
  PostNormConfig(const Config& config, const PostNormDefaults& defaults);

  int64_t vocabulary, width, layers, heads, ffn_width, types;
  int64_t embedding;  ///< of token vectors: the width, unless a family says otherwise
  double epsilon;
  std::string activation;
  bool decoder;              ///< `is_decoder`: queries see earlier keys alone
  bool biased = true;        ///< whether the layers' products have biases
  bool plain_norms = false;  ///< norms by the root of the mean square, without parameters
};

/// Refuses `is_decoder` for a family whose class does not know it.
void expect_encoder(const Config& config);

/// Positions that a table of `max_position_embeddings` rows has after its first `rows`.
int64_t context_after(const Config& config, int64_t rows);

/// Where position tables lie in a family with BERT's `position_embedding_type`.
struct BertPositions {
  std::string base;    ///< `bert.`
  int64_t offset = 0;  ///< rows of the table before position 0
  /// The table of distances in a layer.
  std::string distances = "attention.self.distance_embedding.weight";
  Attributes relative = {};  ///< parameters of the schemes of distances
};

/// Enters the encodings of `position_embedding_type`; returns their names by layer.
std::vector<std::string> add_bert_positions(GraphBuilder& graph, const PostNormConfig& config,
                                            const BertPositions& positions);

/// What is summed up for each token.
struct TokenVectors {
  std::string at;        ///< `bert.embeddings.`
  std::string encoding;  ///< of the position node; empty: there is none
  Attributes position = {};
};

/// Words, types where there are any, and positions. Returns the last node.
std::string add_token_vectors(GraphBuilder& graph, const PostNormConfig& config,
                              const TokenVectors& tokens);
/// Words, types and positions, summed up and normalised. Returns the last node.
std::string add_embeddings(GraphBuilder& graph, const PostNormConfig& config,
                           const TokenVectors& tokens);
/// A projection of narrow token vectors to the width of the layers, where they are narrow.
std::string widen_embeddings(GraphBuilder& graph, const PostNormConfig& config,
                             const std::string& path, const std::string& input);

/// The config's norm.
std::string add_norm(GraphBuilder& graph, const PostNormConfig& config, const std::string& path,
                     const std::string& input);

/// One layer: nodes by their paths, under which their weights lie too.
struct PostNormLayer {
  std::string attention, attention_add, attention_norm;
  std::string up, down, add, norm;
  WeightSlots projections;  ///< of attention
  std::string encoding;
  Attributes attention_attributes = {};  ///< beside its heads and the config's visibility
};

/// Attention's four linear maps by BERT's names under `at`, and a node of them.
WeightSlots bert_projections(const GraphBuilder& graph, const std::string& at);
NodeSpec bert_attention(const GraphBuilder& graph, const PostNormConfig& config,
                        const std::string& at);

/// BERT's names under `at`.
PostNormLayer bert_layer(const GraphBuilder& graph, const std::string& at,
                         const std::string& encoding);
/// Returns the last node.
std::string add_post_norm_layer(GraphBuilder& graph, const PostNormConfig& config,
                                const PostNormLayer& layer, const std::string& input);

/// The layers under `base` + `encoder.layer.N`; `encoding(n)` names the encoding of layer n.
/// Returns the last node.
std::string add_post_norm_layers(GraphBuilder& graph, const PostNormConfig& config,
                                 const std::string& base, std::string input,
                                 const std::function<std::string(int64_t layer)>& encoding);

}  // namespace locus::families
