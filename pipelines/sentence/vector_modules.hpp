// What sentence-transformers does to a text's vector after pooling.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace locus::pipelines {

/// From a text's vector to another one.
using VectorModule = std::function<std::vector<float>(std::vector<float>)>;

/// The modules of a folder's `modules.json` that work on vectors, each read from a folder of its
/// own: its `config.json` and `model.safetensors` or `pytorch_model.bin`. All throw Error for files
/// that are missing or contradict each other and for what is not followed.

/// y = activation(W x + b), plus x (through a matrix of its own where the widths differ) with
/// `use_residual`.
VectorModule read_dense(const std::filesystem::path& folder);
/// (x - mean) / sqrt(variance + 1e-5) times a gain plus an offset (Ba et al. 2016).
VectorModule read_layer_norm(const std::filesystem::path& folder);

}  // namespace locus::pipelines
