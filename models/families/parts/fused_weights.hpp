// Layouts in which families store several matrices as one, or one turned round.

#pragma once

#include "models/families/parts/layer_parts.hpp"

namespace locus::families {

/// A slot of a Conv1D, which stores its matrix as [in, out].
WeightSlots convolution(const GraphBuilder& graph, const std::string& slot,
                        const std::string& path);

/// A feed-forward of two Conv1Ds.
NodeSpec convolution_feed_forward(const GraphBuilder& graph, const FeedForwardParts& parts);

/// Rows [begin, end) of a stored matrix, and of its bias where it has one.
struct RowBlock {
  std::string slot, path;
  int64_t begin = 0, end = 0;
  bool biased = false;
};
WeightSlots block_of_rows(const GraphBuilder& graph, const RowBlock& block);

/// A product that gives queries, keys and values at once.
struct FusedProduct {
  std::string path;
  int64_t heads = 0, head_size = 0, width = 0;
  bool biased = true;
};

/// The slots `query`, `key` and `value` of a product with outputs [Q | K | V].
WeightSlots side_by_side(const GraphBuilder& graph, const FusedProduct& fused);
/// The slots `query`, `key` and `value` of a Conv1D (stored transposed) with outputs [Q | K | V].
WeightSlots side_by_side_convolution(const GraphBuilder& graph, const FusedProduct& fused);
/// Queries, keys and values of one product whose outputs are interleaved by head, [H, 3, d].
WeightSlots interleaved_by_head(const GraphBuilder& graph, const FusedProduct& fused);

}  // namespace locus::families
