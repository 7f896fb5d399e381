// A vocabulary in clusters of falling frequency, each with vectors of its own width: Baevski and
// Auli 2018, section 3; Grave et al. 2017.
#pragma once

#include <string>
#include <vector>

#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// Sizes of a Transformer-XL's vocabulary.
class AdaptiveVocabulary {
 public:
  struct Cluster {
    int64_t first, end;  ///< ids
    int64_t width;       ///< of its vectors
  };

  AdaptiveVocabulary(const Config& config, int64_t model_width);

  int64_t size() const { return clusters_.back().end; }
  int64_t model_width() const { return model_width_; }
  const std::vector<Cluster>& clusters() const { return clusters_; }
  /// Whether all clusters share one table (`div_val` 1).
  bool one_table() const { return one_table_; }
  /// Whether vectors are projected to the width of the model.
  bool projected() const { return !one_table_ || clusters_[0].width != model_width_; }
  /// Whether the head's projection of a cluster is the embedding's.
  bool shares_projection(size_t cluster) const { return shared_projections_.at(cluster); }

 private:
  int64_t model_width_;
  std::vector<Cluster> clusters_;
  std::vector<bool> shared_projections_;
  bool one_table_;
};

/// Token vectors times sqrt(D), projected. The last node is named `path`.
std::string add_adaptive_embedding(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                                   const std::string& path);

/// The paths of an embedding and of the head that may share its weights.
struct AdaptivePaths {
  std::string embedding, head;
};
/// Log-probabilities of requested rows.
void add_adaptive_softmax(GraphBuilder& graph, const AdaptiveVocabulary& vocabulary,
                          const AdaptivePaths& paths, const std::string& input);

}  // namespace locus::families
