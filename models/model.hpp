// A pretrained model: a folder's config and weights as a graph.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../base/file_stamps.hpp"
#include "../engine/graph.hpp"

namespace locus {

class Config;

struct ModelOptions {
  std::string family = {};      ///< a `model_type`, in place of the config's
  std::string class_name = {};  ///< the class for a config without a known one in `architectures`
  bool leave_surplus = false;   ///< weights that the class does not have are left out, not refused
  std::string
      encoding;  ///< a scheme to swap in (`alibi`, `rope:base=1000`); empty: the model's own
  Precision precision = Precision::f32;
  int64_t capacity = 0;  ///< positions that tables are built for; 0: the model's context
  uint64_t seed = 0;     ///< of a swapped-in encoding's initial state
  EncodingChange change = {};
  /// Makes another graph of what the files say, which must need no other weights; empty: as it is.
  std::function<void(GraphSpec&)> revise = {};
  std::vector<Scheme> schemes = {};  ///< the program's own, which `encoding` may name
  /// See `GraphOptions::progress`: for a bar, and to give up (`throw Error::cancellation()`).
  LoadProgress progress = {};
  int threads = 0;  ///< see `GraphOptions::threads`
};

/// Ids that a model's config gives a meaning to.
struct ModelIds {
  std::optional<int32_t> bos = {}, eos = {}, pad = {}, decoder_start = {};
  std::vector<int32_t> all_eos = {};  ///< every id that ends a text
  /// What a generated text begins with, and ends with where it reaches its greatest length.
  std::optional<int32_t> forced_bos = {}, forced_eos = {};
  std::vector<int32_t> suppressed = {};  ///< ids that are never generated (`suppress_tokens`)
};

/// A key of a model's files that Locus does not use and does not know to be harmless.
struct UnreadKey {
  std::string file;  ///< its path
  std::string key;   ///< `rope_parameters.factor` inside an object
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
  /// The files of its folders as they were when it was opened, for what reads some of them later.
  const FileStamps& stamps() const { return stamps_; }
  /// What the weights are stored as: `safetensors`, `PyTorch (zip)`, `TensorFlow checkpoint`.
  const std::string& format() const { return format_; }
  /// Names of classes, where the config gives them.
  const std::vector<std::string>& labels() const { return labels_; }
  /// generation_config.json, or what config.json says of generation. Its type is internal: see
  /// `generation_settings`.
  const Config& generation() const { return *generation_; }
  /// What `generation()` holds, as JSON.
  std::string generation_json() const;
  /// What the files ask for and Locus does not do: a result may differ from the reference's.
  const std::vector<UnreadKey>& unread_keys() const { return unread_; }
  /// Weights of the files that were left out, since the class does not have them
  /// (`ModelOptions::leave_surplus`); none of those that every checkpoint of a family may hold.
  const std::vector<std::string>& surplus() const { return surplus_; }
  /// A warning for a text of so many tokens, where it is longer than the model's context and the
  /// encoding, having no limit of its own, goes on beyond it; else nothing.
  std::optional<std::string> length_warning(int64_t tokens) const;
  /// The encodings in their text form, as `locus inspect` prints them.
  std::vector<std::string> encodings() const;

 private:
  Model() = default;
  std::shared_ptr<const Graph> graph_;
  ModelIds special_;
  std::filesystem::path folder_;
  FileStamps stamps_;
  std::map<std::string, std::filesystem::path> files_;
  std::string format_;
  std::vector<std::string> labels_;
  std::vector<UnreadKey> unread_;
  std::vector<std::string> surplus_;
  std::shared_ptr<const Config> generation_;
};

/// Whether there is a decoder beside an encoder.
bool has_decoder(const Model& model);
/// What the decoder reads by default: the text itself, shifted, in classes that classify or answer;
/// else its start token. Nothing without a decoder or without a start token.
std::vector<int32_t> default_decoder_ids(const Model& model, std::span<const int32_t> ids);

/// The path of a model that is named without one: looked for in the current folder, in the folders
/// of LOCUS_MODELS, then beside the installation. Throws Error that lists the places.
std::filesystem::path find_model(const std::string& name);

/// Whether a folder holds what `Model::open` reads: a config of either form, or a locus.json.
bool holds_model(const std::filesystem::path& folder);

/// Folders whose sub-folders are models that can be named without a path: those of LOCUS_MODELS, or
/// where it is not set those beside the installation, as far as they exist.
std::vector<std::filesystem::path> model_folders();
/// Names of the models in these folders, sorted.
std::vector<std::string> model_names();

}  // namespace locus
