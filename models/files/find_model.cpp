#include <cstdlib>
#include <set>
#include <sstream>

#include "base/close_names.hpp"
#include "base/error.hpp"
#include "base/own_folders.hpp"
#include "models/files/model_files.hpp"
#include "models/model.hpp"

namespace locus {
namespace {

namespace fs = std::filesystem;

/// LOCUS_MODELS: folders, separated as in PATH.
std::vector<fs::path> chosen_folders() {
  std::vector<fs::path> folders;
  const char* list = std::getenv("LOCUS_MODELS");
  std::istringstream stream(list ? list : "");
  for (std::string folder; std::getline(stream, folder, ':');) {
    if (!folder.empty()) folders.emplace_back(folder);
  }
  return folders;
}

/// Beside the program, and beside the library that a program loaded: `../share/locus/weights` where
/// it is installed, `weights` in a folder above it where it runs from a source tree.
std::vector<fs::path> installed_folders() {
  std::vector<fs::path> folders;
  for (fs::path folder : own_folders()) {
    for (; folder.has_relative_path(); folder = folder.parent_path()) {
      folders.push_back(folder / "share/locus/weights");
      folders.push_back(folder / "weights");
    }
  }
  return folders;
}

/// Where a model is looked for, as words of a message.
std::string searched_places() {
  const std::vector<fs::path> chosen = chosen_folders();
  std::string places = "the current folder";
  for (const fs::path& folder : chosen) places += ", " + folder.string();
  if (chosen.empty()) places += ", in LOCUS_MODELS (not set)";
  std::string before = " or beside ";
  for (const fs::path& folder : own_folders()) {
    places += before + folder.string();
    before = ", ";
  }
  return places;
}

bool names_model(const fs::path& path) {
  std::error_code failure;
  return fs::is_regular_file(path, failure) || holds_model(path);
}

}  // namespace

bool holds_model(const fs::path& folder) {
  std::error_code failure;
  return files::has_config(folder) || fs::exists(folder / "locus.json", failure);
}

std::vector<fs::path> model_folders() {
  const std::vector<fs::path> chosen = chosen_folders();
  std::vector<fs::path> folders;
  for (const fs::path& folder : chosen.empty() ? installed_folders() : chosen) {
    std::error_code failure;
    if (fs::is_directory(folder, failure)) folders.push_back(folder);
  }
  return folders;
}

std::vector<std::string> model_names() {
  std::set<std::string> names;
  for (const fs::path& folder : model_folders()) {
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
      if (holds_model(entry.path())) names.insert(entry.path().filename().string());
    }
  }
  return {names.begin(), names.end()};
}

fs::path find_model(const std::string& name) {
  if (name.empty()) throw Error("model", "a folder or a name", "an empty text");
  if (names_model(name)) return name;
  std::vector<fs::path> folders = chosen_folders();
  for (const fs::path& folder : installed_folders()) folders.push_back(folder);
  for (const fs::path& folder : folders) {
    if (names_model(folder / name)) return folder / name;
  }
  std::error_code failure;
  if (fs::is_directory(name, failure)) files::refuse_folder(name);
  std::string expected = "a model in " + searched_places();
  const auto close = close_names(name, model_names());
  for (const std::string& each : close) expected += (&each == &close[0] ? ", as " : ", ") + each;
  throw Error(name, expected, "none");
}

}  // namespace locus
