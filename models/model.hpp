// A pretrained model: a folder's config and weights as a graph.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../engine/graph.hpp"

namespace locus {

class Config;

struct ModelOptions {
  std::string
      encoding;  ///< a scheme to swap in (`alibi`, `rope:base=1000`); empty: the model's own
  Precision precision = Precision::f32;
  int64_t capacity = 0;  ///< positions that tables are built for; 0: the model's context
  uint64_t seed = 0;     ///< of a swapped-in encoding's initial state
  EncodingChange change = {};
  /// Makes another graph of what the files say, which must need no other weights; empty: as it is.
  std::function<void(GraphSpec&)> revise = {};
  std::vector<Scheme> schemes = {};  ///< the program's own, which `encoding` may name
};

/// Ids that a model's config gives a meaning to.
struct ModelIds {
  std::optional<int32_t> bos, eos, pad, decoder_start;
  std::vector<int32_t> all_eos;  ///< every id that ends a text
  /// What a generated text begins with, and ends with where it reaches its greatest length.
  std::optional<int32_t> forced_bos = {}, forced_eos = {};
  std::vector<int32_t> suppressed = {};  ///< ids that are never generated (`suppress_tokens`)
};

/// Loaded once, immutable, shared between sessions.
class Model {
 public:
  /// Opens a Hugging Face folder (config.json and weights as safetensors or `pytorch_model.bin`), a
  /// folder with a TensorFlow checkpoint (and `bert_config.json`, as BERT, NEZHA and RoFormer were
  /// published), a folder that holds `locus.json`, or a `locus.json` file. Throws Error that says
  /// what was expected: unknown architectures and contradictory configs, missing, surplus and
  /// misshapen weights.
  static std::shared_ptr<const Model> open(const std::filesystem::path& path,
                                           const ModelOptions& options = {});

  std::shared_ptr<const Graph> graph() const { return graph_; }
  const GraphSpec& spec() const { return graph_->spec(); }
  const ModelIds& special() const { return special_; }
  /// Folder that the tokenizer's files lie in; the model's own as a rule.
  const std::filesystem::path& folder() const { return folder_; }
  /// Every file that was read, by name.
  const std::map<std::string, std::filesystem::path>& files() const { return files_; }
  /// What the weights are stored as: `safetensors`, `PyTorch (zip)`, `TensorFlow checkpoint`.
  const std::string& format() const { return format_; }
  /// Names of classes, where the config gives them.
  const std::vector<std::string>& labels() const { return labels_; }
  /// generation_config.json, or what config.json says of generation. Its type is internal: see
  /// `generation_settings`.
  const Config& generation() const { return *generation_; }
  /// The encodings in their text form, as `locus inspect` prints them.
  std::vector<std::string> encodings() const;

 private:
  Model() = default;
  std::shared_ptr<const Graph> graph_;
  ModelIds special_;
  std::filesystem::path folder_;
  std::map<std::string, std::filesystem::path> files_;
  std::string format_;
  std::vector<std::string> labels_;
  std::shared_ptr<const Config> generation_;
};

/// The path of a model that is named without one: looked for in the current folder, in the folders
/// of LOCUS_MODELS, then beside the installation. Throws Error that lists the places.
std::filesystem::path find_model(const std::string& name);

/// Whether a folder holds what `Model::open` reads: a config of either form, or a locus.json.
bool holds_model(const std::filesystem::path& folder);

/// Folders whose sub-folders are models that can be named without a path: those of LOCUS_MODELS, or
/// where it is not set those beside the installation, as far as they exist.
std::vector<std::filesystem::path> model_folders();

}  // namespace locus
