// The files of a model's folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "engine/locus_file.hpp"
#include "models/files/config.hpp"

namespace locus::files {

/// Every file that is read, by name.
using ModelFiles = std::map<std::string, std::filesystem::path>;

/// A Hugging Face folder, or one of the original BERT's form, before a family reads it.
struct ModelFolder {
  Config config;       ///< with a `model_type` in either form
  Weights weights;     ///< by transformers' names
  std::string format;  ///< of the weights: `safetensors`, `PyTorch (zip)`
};

/// What the caller says in the place of a config; empty: what the config says.
struct NamedClass {
  std::string model_type = {}, class_name = {};
};

/// Reads `config.json`, or `bert_config.json`, and the weights. Of several kinds of weights the
/// first counts, in the order of transformers: `model.safetensors`, its index, `pytorch_model.bin`,
/// its index; then a TensorFlow checkpoint. Throws Error where the folder has none of them, and for
/// a model type that is not known before weights are read.
ModelFolder read_model_folder(const std::filesystem::path& folder, ModelFiles& files,
                              const NamedClass& named = {});

/// A config of the folder; an empty one where it is absent.
Config read_optional_config(const std::filesystem::path& folder, const std::string& name,
                            ModelFiles& files);
/// A `locus.json` file and the weights that lie beside it.
LocusFile read_locus(const std::filesystem::path& file, ModelFiles& files,
                     std::span<const Scheme> own = {});
/// The config of a PEFT adapter.
inline constexpr const char* adapter_name = "adapter_config.json";
/// Refuses an adapter that lies beside a model's own weights and would change them. Throws Error.
void refuse_adapter(const std::filesystem::path& folder);
/// Whether a folder holds a config of either form.
bool has_config(const std::filesystem::path& folder);
/// Says why a folder holds no model: it cannot be read, or lacks a config. Throws Error.
[[noreturn]] void refuse_folder(const std::filesystem::path& folder);
/// The `locus.json` that a path means: the file itself or the one in the folder; empty for a
/// Hugging Face folder. Throws Error where there is no model.
std::filesystem::path locus_file_of(const std::filesystem::path& path);

}  // namespace locus::files
