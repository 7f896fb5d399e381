// What ModernBERT and its decoder share: layers with windows and two rotations.
#pragma once

#include <string>
#include <vector>

#include "models/families/parts/encoder_heads.hpp"

namespace locus::families {

/// What the config says beside sizes.
struct ModernBertConfig {
  explicit ModernBertConfig(const Config& config);

  bool local(int64_t layer) const { return locals[static_cast<size_t>(layer)]; }

  std::vector<bool> locals;  ///< by layer: whether it sees a window
  int64_t side;              ///< half of `local_attention`, in keys
  bool norm_bias, attention_bias, feed_forward_bias;
};

PostNormConfig modernbert_sizes(const Config& config);

/// A slot that takes one of several blocks of a stored matrix, and of its bias where there is one.
WeightSlots block_of(const WeightSlots& whole, const std::string& slot, int64_t begin, int64_t end);

/// The attention of one layer, whose modules lie at a path with its dot. Returns the node.
using ModernBertAttention = NodeSpec (*)(const GraphBuilder& graph, const PostNormConfig& sizes,
                                         int64_t layer, const std::string& at);
/// Token vectors, layers, the last norm and the encodings that they name, `global` and `local`.
/// Returns the node.
std::string add_modernbert_layers(GraphBuilder& graph, const PostNormConfig& sizes,
                                  ModernBertAttention attention);

/// The dense map, activation and norm before a classifier, at a path.
std::string add_prediction_head(const EncoderEnd& end, const std::string& path,
                                const std::string& input);
/// Logits by the linear map `decoder`, which may be the words' table, of what such a head at a path
/// makes of requested rows.
void add_modernbert_words(const EncoderEnd& end, const std::string& path);

}  // namespace locus::families
