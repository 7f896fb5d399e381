#include "tools/cli/verbs/compare/places.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "models/model.hpp"

namespace locus::cli {
namespace fs = std::filesystem;

std::vector<std::string> shipped_models() {
  std::vector<std::string> models;
  for (const fs::path& folder : model_folders()) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (holds_model(entry.path())) models.push_back(entry.path().string());
    }
  }
  if (models.empty())
    throw Error("compare", "models in LOCUS_MODELS or beside the installation", "none");
  std::ranges::sort(models);
  return models;
}

std::optional<fs::path> shipped_model(const std::string& name) {
  for (const fs::path& folder : model_folders()) {
    if (holds_model(folder / name)) return folder / name;
  }
  return std::nullopt;
}

fs::path shipped_text() {
  for (const fs::path& folder : model_folders()) {
    if (fs::is_directory(folder / "text")) return folder / "text";
  }
  throw Error("compare", "--text, or a folder 'text' beside the models", "neither");
}

std::optional<fs::path> shipped_floors() {
  for (const fs::path& folder : model_folders()) {
    if (fs::exists(folder / "floors/floors.safetensors")) return folder / "floors";
  }
  return std::nullopt;
}

std::optional<fs::path> shipped_seeds() {
  for (const fs::path& folder : model_folders()) {
    if (fs::exists(folder / "seeds.json")) return folder / "seeds.json";
  }
  return std::nullopt;
}

}  // namespace locus::cli
