// What the files of a model store: its config and its weights.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "../engine/weights.hpp"
#include "model.hpp"

namespace locus {

/// A Hugging Face folder, or one of the original BERT's form.
struct Checkpoint {
  std::string config;  ///< JSON, with a `model_type` in either form
  Weights weights;     ///< by transformers' names
};

/// Reads `config.json`, or `bert_config.json`, and the weights of a folder. If it has several kinds
/// of weights, safetensors come before PyTorch's, and those before TensorFlow's. Throws Error for a
/// folder without weights, and for an unknown model type (before it reads any weights).
Checkpoint read_checkpoint(const std::filesystem::path& folder);

/// A model's weights, under the names that its graph refers to.
Weights stored_weights(const Model& model);

/// The text of a model's config. An original BERT's has no `model_type`; it is added. Throws Error
/// for a model without a config.
std::string config_text(const Model& model);

/// Whether a model was opened from a config and a checkpoint, and not from a locus.json.
bool has_checkpoint(const Model& model);

/// Names of the tensors of a floating-point type. (Others are tables that classes compute.)
std::vector<std::string> floating_names(const Weights& weights);

}  // namespace locus
