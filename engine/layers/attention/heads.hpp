// How the columns of a projection are heads.
#pragma once

#include "engine/layers/node_reader.hpp"

namespace locus {

/// H query heads that share G key heads, each of size d. The scale of attention is folded into the
/// weights of the query, so that it is in q before any hook sees it.
class Heads {
 public:
  explicit Heads(const NodeReader& reader);

  int64_t count() const { return heads_; }                  // H
  int64_t size() const { return size_; }                    // d
  int64_t query_width() const { return heads_ * size_; }    // H d
  int64_t key_width() const { return key_heads_ * size_; }  // G d
  int64_t key_head(int64_t head) const { return head * key_heads_ / heads_; }
  float scale() const { return scale_; }

  /// [rows, heads d] as [heads, rows, d].
  View split(View rows) const;

  Tensor take_query(const NodeReader& reader) const;
  Tensor take_query_bias(const NodeReader& reader) const;
  Tensor take_key(const NodeReader& reader, size_t input = 0) const;
  Tensor take_value(const NodeReader& reader, size_t input = 0) const;

 private:
  int64_t heads_;
  int64_t key_heads_;
  int64_t size_;
  float scale_;
};

}  // namespace locus
