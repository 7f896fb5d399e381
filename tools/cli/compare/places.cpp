#include "tools/cli/compare/places.hpp"

#include <algorithm>

#include "engine/error.hpp"
#include "models/model.hpp"

namespace locus::cli {
namespace fs = std::filesystem;

std::vector<std::string> shipped_models() {
  std::vector<std::string> models;
  for (const fs::path& folder : model_folders()) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const bool model =
          fs::exists(entry.path() / "config.json") || fs::exists(entry.path() / "locus.json");
      if (model) models.push_back(entry.path().string());
    }
  }
  if (models.empty())
    throw Error("compare", "models in LOCUS_MODELS or beside the installation", "none");
  std::ranges::sort(models);
  return models;
}

fs::path shipped_text() {
  for (const fs::path& folder : model_folders()) {
    if (fs::is_directory(folder / "text")) return folder / "text";
  }
  throw Error("compare", "--text, or a folder 'text' beside the models", "neither");
}

}  // namespace locus::cli
