// What a model's folder stores, before a graph is made of it.
#pragma once

#include <filesystem>
#include <string>

#include "../engine/weights.hpp"

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

}  // namespace locus
