#include <cstdint>
#include <filesystem>

#include "models/model.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

namespace fs = std::filesystem;

struct ModelsOptions {
  bool names = false;
  bool json = false;
};

struct NamedModel {
  std::string name;
  fs::path folder;
  int64_t bytes = 0;  ///< of its files
};

int64_t bytes_of(const fs::path& folder) {
  int64_t bytes = 0;
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failure)) {
    if (entry.is_regular_file(failure)) bytes += static_cast<int64_t>(entry.file_size(failure));
  }
  return bytes;
}

/// As they are found: of two of one name the first.
std::vector<NamedModel> models_at_hand() {
  std::vector<NamedModel> models;
  for (const std::string& name : model_names()) {
    const fs::path folder = find_model(name);
    models.push_back({name, folder, bytes_of(folder)});
  }
  return models;
}

void print_models(const ModelsOptions& options, const std::vector<NamedModel>& models) {
  if (options.json) {
    Json list = Json::array();
    for (const auto& [name, folder, bytes] : models) {
      list.push_back({{"name", name}, {"folder", folder.string()}, {"bytes", bytes}});
    }
    return print_json(list);
  }
  Table table({left("model"), right("size"), left("folder")});
  for (const auto& [name, folder, bytes] : models) {
    table.add({visible(name), bytes_text(bytes), visible(folder.parent_path().string())});
  }
  print(models.empty() ? "no models: set LOCUS_MODELS to folders that hold some\n"
                       : table.text(terminal_width()));
}

}  // namespace

Action add_models(Arguments& arguments) {
  const auto options = std::make_shared<ModelsOptions>();
  arguments.flag("--names", options->names, "print names alone, one a line");
  arguments.flag("--json", options->json, "print one JSON document").excludes({"--names"});
  arguments.example("locus models --json");
  return [options] {
    if (!options->names) return print_models(*options, models_at_hand());
    for (const std::string& name : model_names()) print(name + "\n");
  };
}

}  // namespace locus::cli
