// Golden values: what a reference framework computed for a tiny model, node by node.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json/values.hpp"
#include "engine/session.hpp"
#include "models/families/family.hpp"

namespace locus::tests {

/// Of parity, relative to a node's largest value.
constexpr double tolerance = 1e-4;

/// Sequences one after the other, and which rows of each the golden keeps.
struct GoldenRows {
  std::vector<int32_t> ids;
  std::vector<int32_t> type_ids;  ///< as many, or none
  std::vector<int64_t> lengths;
  std::vector<int64_t> kept;    ///< indices in the whole batch
  std::vector<float> features;  ///< instead of ids
  std::vector<MapSize> maps;    ///< of images, whose pixels they are

  std::vector<Sequence> sequences() const;
};

/// The file that `tools/golden/make.py` writes beside a tiny model.
struct Golden {
  explicit Golden(const std::filesystem::path& file);

  GoldenRows inputs;
  GoldenRows decoder;                     ///< empty but for encoder-decoders
  std::map<std::string, Tensor> nodes;    ///< by name, the kept rows
  std::map<std::string, Tensor> weights;  ///< of an exchanged encoding, by scheme-local name
  std::vector<int32_t> prompt;            ///< for greedy decoding, with the ids that follow
  std::vector<int32_t> continuation;
  std::map<std::string, std::string> metadata;
};

/// A tiny model's folder, open to changes.
struct TinyFolder {
  explicit TinyFolder(const std::filesystem::path& folder);

  nlohmann::json config;
  std::map<std::string, Tensor> tensors;

  Weights weights() const;
  families::FamilyGraph build() const;
  std::shared_ptr<const Graph> compile() const;
  /// Writes the folder, changed as it is, for what opens folders.
  void save(const std::filesystem::path& folder) const;
};

/// The folders of a group of goldens (`models`, `models5`), each GROUP/FAMILY/VARIANT.
std::vector<std::filesystem::path> model_folders(const std::string& group);
/// FAMILY/VARIANT of such a folder.
std::string model_name(const std::filesystem::path& folder);
/// The folders of groups of goldens whose families and classes are known.
std::vector<std::filesystem::path> openable_folders(const std::vector<std::string>& groups);

std::filesystem::path golden_path(const std::string& relative);
/// The tiny model of a name, and what the reference computes with it.
TinyFolder tiny(const std::string& name);
Golden golden_of(const std::string& name);

/// Every node's output for the golden's inputs.
std::map<std::string, Tensor> run_traced(const std::shared_ptr<const Graph>& graph,
                                         const Golden& golden);

/// Compares in order of computation. Returns the first node that differs by more than `tolerance`
/// times the largest value, with the figures, or that only one side has; empty where all agree.
std::string first_divergence(const Graph& graph, const Golden& golden, double tolerance);

/// The largest difference of a node as a share of its largest value.
double largest_difference(const Graph& graph, const Golden& golden);

/// Ids by arg max, one step at a time, with caches.
std::vector<int32_t> decode_greedily(const std::shared_ptr<const Graph>& graph,
                                     const Golden& golden);

}  // namespace locus::tests
