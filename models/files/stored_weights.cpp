#include <algorithm>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "engine/locus_file.hpp"
#include "models/checkpoint.hpp"

namespace locus {
namespace {

bool is_floating(DataType type) {
  return type == DataType::f32 || type == DataType::f16 || type == DataType::bf16 ||
         type == DataType::f64;
}

}  // namespace

bool has_checkpoint(const Model& model) {
  return model.files().contains("config.json") || model.files().contains("bert_config.json");
}

Weights stored_weights(const Model& model) {
  if (has_checkpoint(model)) return read_checkpoint(model.folder()).weights;
  for (const auto& [name, path] : model.files()) {
    const bool other = name == "generation_config.json" || name.ends_with(".index.json");
    if (!other && name.ends_with(".json")) return open_locus(path).weights;
  }
  throw Error(model.folder().string(), "a locus.json", "none");
}

std::string config_text(const Model& model) {
  if (!has_checkpoint(model)) throw Error(model.folder().string(), "a config.json", "a locus.json");
  const auto original = model.folder() / "config.json";
  if (std::filesystem::exists(original)) return read_file(original);
  return read_checkpoint(model.folder()).config;
}

std::vector<std::string> floating_names(const Weights& weights) {
  auto names = weights.names();
  std::erase_if(names, [&](const auto& name) { return !is_floating(weights.at(name).type); });
  return names;
}

}  // namespace locus
