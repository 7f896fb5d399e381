// Checkpoints of llama2.c (https://github.com/karpathy/llama2.c, `export.py`, version 0).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "../engine/tensor.hpp"

namespace locus {

/// The seven numbers at the head of the file.
struct Llama2cConfig {
  int64_t width = 0;           ///< D
  int64_t ffn_width = 0;       ///< F, of the feed-forward layers
  int64_t layers = 0;          ///< L
  int64_t heads = 0;           ///< H, of queries
  int64_t kv_heads = 0;        ///< G, of keys and values
  int64_t vocabulary = 0;      ///< V
  int64_t context = 0;         ///< longest sequence
  bool shares_output = false;  ///< whether logits use the embedding table
};

/// A checkpoint under the names and in the layout of Hugging Face's Llama: the rows of query and
/// key projections are in half-split order, where the file holds interleaved rotary pairs.
struct Llama2cCheckpoint {
  Llama2cConfig config;
  std::map<std::string, Tensor> tensors;
};

/// Throws Error that names the file when its numbers make no model or its size is not theirs.
Llama2cCheckpoint read_llama2c(const std::filesystem::path& file);

/// Writes `config.json` and `model.safetensors` (f32) into `folder`, which is made where absent.
/// `check` is called as `SafetensorsOptions::check` is.
void convert_llama2c(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                     const std::function<void()>& check = {});

}  // namespace locus
