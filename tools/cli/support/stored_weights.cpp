#include "tools/cli/support/stored_weights.hpp"

#include "engine/error.hpp"
#include "engine/locus_file.hpp"

namespace locus::cli {

Weights stored_weights(const Model& model) {
  const auto& files = model.files();
  for (const auto& [name, path] : files) {
    const bool other = name == "generation_config.json" || name.ends_with(".index.json");
    if (files.contains("config.json") || other || !name.ends_with(".json")) continue;
    return open_locus(path).weights;
  }
  for (const auto* name : {"model.safetensors.index.json", "model.safetensors"}) {
    if (const auto found = files.find(name); found != files.end()) {
      return open_safetensors(found->second);
    }
  }
  throw Error(model.folder().string(), "weights in safetensors", "none");
}

}  // namespace locus::cli
