// DeBERTa's positions as its configs describe them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/families/parts/post_norm_encoder.hpp"

namespace locus::families {

/// What a config says of disentangled attention.
struct Disentanglement {
  bool relative = false;
  bool keys = false, queries = false;  ///< c2p and p2c
  int64_t buckets = 0, max_distance = 0;
  bool normalised = false;  ///< the table of distances

  int64_t rows() const { return 2 * (buckets > 0 ? buckets : max_distance); }
  int64_t terms() const { return (keys ? 1 : 0) + (queries ? 1 : 0); }
};

/// What both versions read. Throws Error for unknown terms.
Disentanglement read_disentanglement(const Config& config);

/// Where positions lie in a version.
struct DisentangledPositions {
  std::string base;  ///< `deberta.`
  Disentanglement distances;
  /// The projection that makes positions into a layer's keys or queries: the slots `key` or
  /// `query`, stored under `...attention.self.`
  std::function<WeightSlots(const GraphBuilder& graph, const std::string& at,
                            const std::string& slot)>
      projection;
};

/// Enters `position`, which is added to token vectors where `position_biased_input` says so, and an
/// encoding of distances for each layer. Returns the names of the latter.
std::vector<std::string> add_disentangled_positions(GraphBuilder& graph,
                                                    const PostNormConfig& sizes,
                                                    const DisentangledPositions& positions);

/// The factor of attention scores, which all their terms share.
double disentangled_scale(const PostNormConfig& sizes, const Disentanglement& distances);

}  // namespace locus::families
