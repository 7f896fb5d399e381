#include "tools/cli/verbs/compare/gather.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "models/model.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/model_names.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/verbs/compare/places.hpp"

namespace locus::cli {
namespace fs = std::filesystem;
namespace {

/// The models of a folder that is none itself, by name; none where it holds none.
std::vector<std::string> models_in(const fs::path& folder) {
  std::vector<std::string> models;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && holds_model(entry.path())) models.push_back(entry.path().string());
  }
  std::ranges::sort(models);
  return models;
}

bool is_folder_of_models(const std::string& name) {
  return fs::is_directory(name) && !fs::exists(fs::path(name) / "modules.json") &&
         !holds_model(name) && !models_in(name).empty();
}

}  // namespace

std::vector<std::string> models_of(const CompareOptions& options) {
  if (options.models.empty()) return shipped_models();
  std::vector<std::string> models;
  for (const std::string& name : options.models) {
    if (is_folder_of_models(name)) {
      std::ranges::move(models_in(name), std::back_inserter(models));
    } else {
      find_model(name);
      models.push_back(name);
    }
  }
  return models;
}

std::vector<ComparedModel> measure_all(const CompareOptions& options, CompareResult& result) {
  const auto paths = models_of(options);
  const auto names = model_names(paths);
  std::vector<ComparedModel> models;
  Step step{0, static_cast<int64_t>(paths.size())};
  for (size_t i = 0; i < paths.size(); ++i, ++step.index) {
    check_interruption();
    try {
      for (ComparedModel& model : measure_model(paths[i], options, result, step)) {
        model.name = model.runs.front().name = names[i];
        models.push_back(std::move(model));
      }
    } catch (const Error& error) {
      if (error.cancelled() || paths.size() == 1) throw;
      warn(error.what());
      result.failures.push_back({names[i], error.what()});
    }
  }
  if (models.empty()) {
    throw Error("compare", "a model that can be measured", result.failures.front().error);
  }
  return models;
}

}  // namespace locus::cli
