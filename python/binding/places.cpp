#include "python/binding/places.hpp"

#include "base/error.hpp"

namespace locus::python {
namespace {

namespace fs = std::filesystem;

bool is_name(const std::string& model) {
  std::error_code failure;
  return !model.empty() && model.find('/') == model.npos && !fs::exists(model, failure);
}

}  // namespace

ModelPlace place_of(const std::string& model) {
  const fs::path built_beside = LOCUS_SHIPPED_MODELS;
  try {
    return find_place(model);
  } catch (const Error& error) {
    if (!is_name(model)) throw;
    if (holds_model(built_beside / model)) return find_place((built_beside / model).string());
    std::error_code failure;
    if (!model_names().empty() || fs::is_directory(built_beside, failure)) throw;
    throw Error(std::string(error.what()) +
                "; the package brings no models: set LOCUS_MODELS to a folder of some, such as "
                "weights of Locus's source or share/locus/weights of an installed one");
  }
}

std::map<std::string, fs::path> named_models() {
  std::vector<fs::path> places = model_folders();
  places.emplace_back(LOCUS_SHIPPED_MODELS);
  std::map<std::string, fs::path> found;
  for (const fs::path& place : places) {
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(place, failure)) {
      if (holds_model(entry.path())) found.emplace(entry.path().filename().string(), entry.path());
    }
  }
  return found;
}

}  // namespace locus::python
