// What both versions of Swin share: sizes, embeddings of patches, windows, stages, heads.
#pragma once

#include <string>
#include <vector>

#include "engine/session.hpp"
#include "models/families/parts/layer_parts.hpp"

namespace locus::families {

constexpr double swin_fixed_epsilon = 1e-5;  ///< of the norms that the config does not reach

struct SwinSizes {
  explicit SwinSizes(const Config& config);

  int64_t width_of(size_t stage) const { return width << stage; }

  MapSize image, patch;
  int64_t channels, width, window;
  std::vector<int64_t> depths, heads;  ///< of the stages
  double ratio;                        ///< of the feed-forward's inner width
  bool biased, absolute;
  double epsilon;
  std::string activation;
};

/// What a version builds with.
struct SwinBuilder {
  GraphBuilder& graph;
  const SwinSizes& sizes;
  std::string path;  ///< `swin.`
};

/// A block of a stage.
struct SwinBlock {
  std::string path;
  size_t stage = 0;
  bool shifted = false;
};

/// What sets the versions apart.
struct SwinVersion {
  std::string family;  ///< `swin`, the path of the base model too
  std::string prefix;  ///< of class names
  std::string (*add_block)(const SwinBuilder& builder, const SwinBlock& block,
                           const std::string& input);
  /// Four neighbours, which are one row already, become one of twice their width.
  std::string (*merge)(const SwinBuilder& builder, const std::string& at, size_t stage,
                       const std::string& cells);
};

/// Attention over windows of a map, back on the map.
std::string add_windowed(GraphBuilder& graph, const std::string& at, const Attributes& windows,
                         NodeSpec attention);
/// Attention's heads and weights; encoding and norms are the version's own.
NodeSpec swin_attention(const SwinBuilder& builder, const std::string& at, size_t stage);
NodeSpec swin_feed_forward(const SwinBuilder& builder, const SwinBlock& block);
/// The map of cells through the reduction of a merging.
std::string add_reduction(const SwinBuilder& builder, const std::string& at, size_t stage,
                          const std::string& cells);

FamilyGraph build_swin_version(const Config& config, const Weights& weights,
                               const SwinVersion& version);

}  // namespace locus::families
