// What every attention node has.
#pragma once

#include "engine/layers/attention/heads.hpp"
#include "engine/layers/attention/tiles.hpp"
#include "engine/layers/layer.hpp"

namespace locus::layers {

/// What self- and cross-attention share: heads, encoding, visibility and the output projection.
class Attention : public Layer {
 public:
  explicit Attention(const NodeReader& reader);
  int64_t width() const override { return output_->outputs(); }

 protected:
  AttentionTiles tiles(Run& run) const {
    return {heads_, {*encoding_, *visibility_, soft_cap_, types_, products_}, name_, run};
  }
  /// Bounds new rows of q, k or v, [rows, heads d], where they lie; `scale` is already in them.
  void bound(View rows, float scale, Run& run) const;
  /// Rotates them.
  void rotate(View rows, Role role, Run& run) const;

  Heads heads_;
  std::shared_ptr<const PositionalEncoding> encoding_;
  std::shared_ptr<const Visibility> visibility_;
  std::string name_;
  float limit_;     // of projected values; 0: none
  float soft_cap_;  // of scores; 0: none
  TypeScore types_;
  const ops::Products& products_;
  int cache_index_;
  std::unique_ptr<ops::PackedLinear> output_;
};

/// Keys and values are rows of the queries' own sequences.
std::unique_ptr<Layer> make_self_attention(const NodeReader& reader);
/// Queries of the decoder, keys and values of the encoder's rows.
std::unique_ptr<Layer> make_cross_attention(const NodeReader& reader);

}  // namespace locus::layers
