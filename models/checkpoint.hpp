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

/// Reads `config.json`, or `bert_config.json`, and the weights of a folder, of which the first kind
/// counts that is there: safetensors, PyTorch's, a TensorFlow checkpoint. Throws Error where it has
/// none of them, and for a model type that is not known before weights are read.
Checkpoint read_checkpoint(const std::filesystem::path& folder);

/// By the names that the model's graph refers to.
Weights stored_weights(const Model& model);

/// The text of its config; of an original one with the `model_type` that it leaves out. Throws
/// Error for a model without one.
std::string config_text(const Model& model);

/// Whether it comes from a config and the weights of a checkpoint; if not, from a locus.json.
bool has_checkpoint(const Model& model);

/// Names of the tensors that are of a floating-point type; others are tables that classes compute.
std::vector<std::string> floating_names(const Weights& weights);

}  // namespace locus
