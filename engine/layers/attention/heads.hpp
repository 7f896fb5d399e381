// How the columns of a projection are heads.
#pragma once

#include "engine/layers/node_reader.hpp"

namespace locus::layers {

/// H query heads that share G key heads, each of size d. The scale of attention is folded into the
/// weights of the query (of its norm, where it has one), so that it is in q before any hook sees
/// it.
class Heads {
 public:
  explicit Heads(const NodeReader& reader);

  int64_t count() const { return heads_; }                 // H
  int64_t size() const { return size_; }                   // d
  int64_t query_width() const { return heads_ * size_; }   // H d
  int64_t key_width() const { return kv_heads_ * size_; }  // G d
  int64_t kv_heads() const { return kv_heads_; }           // G
  int64_t key_head(int64_t head) const { return head * kv_heads_ / heads_; }
  float scale() const { return scale_; }
  /// The part of the scale that the query's weights hold: 1 where a norm follows, whose gain holds
  /// it then.
  float projected_scale() const { return norms_queries_ ? 1 : scale_; }
  /// Whether a norm follows the projection of queries, of keys, of one or the other.
  bool norms_queries() const { return norms_queries_; }
  bool norms_keys() const { return norms_keys_; }
  bool normed() const { return norms_queries_ || norms_keys_; }

  /// [rows, heads d] as [heads, rows, d].
  View split(View rows) const;

  ops::WeightRows query_rows(const NodeReader& reader, const std::string& prefix = "") const;
  Tensor take_query_bias(const NodeReader& reader, const std::string& prefix = "") const;
  ops::WeightRows key_rows(const NodeReader& reader, size_t input = 0,
                           const std::string& prefix = "") const;
  ops::WeightRows value_rows(const NodeReader& reader, size_t input = 0,
                             const std::string& prefix = "") const;

  /// Queries alone, [H d, D]; keys and values of an input, [2 G d, D]; of the weights `query`,
  /// `key`, `value` and their biases, whose names begin with `prefix`.
  std::unique_ptr<ops::PackedLinear> pack_query(const NodeReader& reader,
                                                const std::string& prefix = "") const;
  std::unique_ptr<ops::PackedLinear> pack_memory(const NodeReader& reader, size_t input,
                                                 const std::string& prefix = "") const;

 private:
  int64_t heads_;
  int64_t kv_heads_;
  int64_t size_;
  float scale_;
  bool norms_queries_;
  bool norms_keys_;
};

}  // namespace locus::layers
