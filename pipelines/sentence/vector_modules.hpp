// What sentence-transformers does to vectors: a text's after pooling, or its tokens' before.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace locus::pipelines {

/// From a vector to another one.
using VectorModule = std::function<std::vector<float>(std::vector<float>)>;

/// A module, and whether it works on each token's vector (`module_input_name` token_embeddings).
struct PlacedModule {
  VectorModule apply;
  bool of_tokens = false;
};

/// The modules of a folder's `modules.json` that work on vectors, each read from a folder of its
/// own: its `config.json` and `model.safetensors` or `pytorch_model.bin`. All throw Error for files
/// that are missing or contradict each other and for what is not followed.

/// y = activation(W x + b), plus x (through a matrix of its own where the widths differ) with
/// `use_residual`.
PlacedModule read_dense(const std::filesystem::path& folder);
/// x / |x|. Its folder and its `config.json` may be absent.
PlacedModule read_normalize(const std::filesystem::path& folder);
/// (x - mean) / sqrt(variance + 1e-5) times a gain plus an offset (Ba et al. 2016).
VectorModule read_layer_norm(const std::filesystem::path& folder);

}  // namespace locus::pipelines
